"""What stands beside a date: a label of publication or of change, or a sentence that the date is part of.

*Requirements.* A date of change is never taken for one of publication, in whatever language it is labelled.

*Theory of operation.* A label stands before its date: "Updated 3 May"; in some languages and in parentheses behind:
"2026年5月3日更新", "3 May (updated)". It does so only where nothing stands before the first date and a label ends the
block, for "3 May, updated 5 May" has the label of the second date behind the first. A date in a sentence says when
something happened: it has three small words in a row before it, or behind it up to a full stop.

*Known exceptions.* Sentences in scripts that have no small letters are told by the ideographic full stop alone.
"""

import re

LABEL_REACH = 45  # characters before a date
_BEHIND_REACH = 20

_FIRST = re.compile(
    r"(?:originally|first|initially) (?:publ|post|app)|zuerst|erstmals|initialement|original(?:mente)? publ",
    re.IGNORECASE,
)
# Not what only looks like a label: "climate change", "Länder", "Revista", "Czech Republic" are topics and names. Words
# that mean any change count right before the date alone.
_MODIFIED = re.compile(
    r"updated|last update|\bupdate:?\s*$|modif|geändert|änderung|changed|last change|edited|revised|revisado|reviewed|"
    r"a[kc]tuali[sz]|actualitz|aggiorn|atualiz|\bstand(?: vom|:)?\s*$|überarb|bearbeit|zuletzt|mise? à jour|màj|corrig|"
    r"bijgewerkt|gewijzigd|uppdater|op?pdater|\bändrad|\bændret|muokat|päivit|zaktual|ažur|upraven|zmenené|posodobljen|"
    r"atnaujin|atjauno|uuendat|frissít|módosít|обновл|обновен|изменен[оа]\b|оновлен|актуализ|"
    r"(?:\bendret|změna|změněno|izmjena|izmena|измена|промяна)(?: den| dne| dana)?:?\s*$|"
    r"ενημερώθ|ενημέρωσ|τροποπ|güncel|değiştir|更新|修正|改訂|追記|수정|업데이트|تحديث|تعديل|روزرسانی|ویرایش|עודכן|"
    r"עדכון|अपडेट|अद्यतन|cập nhật|diperbarui|dikemas|อัปเดต|อัพเดต|แก้ไข",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\bpubli(?:sh|é|e|cad|cat|ser|cer|ker|kov|kac)|posted|released|written|created|submitted|issued|filed|\bdat(?:e|um)\b|"
    r"\bfecha|\bdata:|veröff|erstellt|erschienen|eingestellt|gespeichert|pubbl|gepubl|geplaatst|verschenen|offentlig|"
    r"udgivet|lagt ut|skriven|julkais|opublik|dodan|zveřejn|vydán|uverejn|objav|közzét|megjelen|paskelb|avaldat|опубл|"
    r"создан|розміщ|публик|дата|δημοσ|yayın|eklen|oluşt|发布|發布|发表|發表|公開|掲載|投稿|配信|日期|时间|입력|등록|게시|작성|نشر|تاریخ|"
    r"انتشار|פורסם|תאריך|प्रकाशित|प्रकाशन|đăng|diterbitkan|tayang|เผยแพร่|วันที่",
    re.IGNORECASE,
)
_BARE = re.compile(r"^[\W_]+|[\W_]+$")
# Behind a label: the next date, or a word that begins with it, as 更新情報 (news).
_OTHER_WORD = re.compile(r"\d|[新正訂記開載稿信布表정력록시](?!日|し|됨|되)[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SMALL_WORDS = 3  # "le mardi" and "par Ann le mardi" are no sentences
_WORD = re.compile(r"[^\W\d_]+")
_APART = re.compile(r"[|·•»/:;\n]|\s[-–—]\s")
_FULL_STOP = re.compile(r"[.!?…]['\"”’»)]*\s*$")
_OF_A_LIFE = re.compile(r"(?:\(\s*(?:[^\W\d_]+\.?)|[*†✝])\s*$")


def says_first(text: str) -> bool:
    """Return whether a text has a label of the first publication ("originally published on")."""
    return bool(_FIRST.search(text))


def label_before(before: str) -> str:
    """Return what the text before a date says: "modified", "published" or ""."""
    if _MODIFIED.search(before) and not _FIRST.search(before):
        return "modified"
    return "published" if _PUBLISHED.search(before) else ""


def label_behind(behind: str) -> str:
    """Return what the text behind a date says, if it is a label and no more."""
    text = _BARE.sub("", behind)
    if not text or len(text) > _BEHIND_REACH or len(text.split()) > 2 or _OTHER_WORD.search(text):
        return ""
    return label_before(text)


def is_in_sentence(before: str, behind: str) -> bool:
    """Return whether a date between these texts of its block is part of a sentence, or the day of a birth or death."""
    life = _OF_A_LIFE.search(before)
    if life and not any(letter.isupper() for letter in life[0]):
        return True
    if behind.rstrip().endswith("。") or _small_words(_APART.split(before)[-1]) >= _SMALL_WORDS:
        return True
    return bool(_FULL_STOP.search(behind)) and _small_words(_APART.split(behind)[0]) >= _SMALL_WORDS


def _small_words(text: str) -> int:
    """Return how many words in a row begin with a small letter, at most."""
    most = row = 0
    for word in _WORD.findall(text):
        row = row + 1 if word[0].islower() else 0
        most = max(most, row)
    return most

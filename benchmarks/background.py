"""Make `crawler/stories/background.txt.gz` anew: `python -m benchmarks.background`, with wordfreq installed.

Run when a language is to be added. The table is the work of wordfreq (see crawler/stories/background.md), which is not
needed otherwise.
"""

import gzip
import math
from collections import defaultdict
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import crawler.stories
from crawler.stories.words import fold, stem_of

TABLE = Path(crawler.stories.__file__).parent / "background.txt.gz"
SPACED = (
    "en",
    "es",
    "de",
    "fr",
    "pt",
    "it",
    "ru",
    "uk",
    "nl",
    "pl",
    "sv",
    "nb",
    "da",
    "tr",
    "ar",
    "fa",
    "id",
    "ro",
    "cs",
    "el",
    "hu",
    "fi",
    "bg",
)
UNSPACED = ("zh", "ja")
RAREST = 10**-4.7  # one article in 170 has it; what is rarer tells nearly as much as an unlisted word
MOST_PAIRS = 4_000  # letter pairs of a language without spaces
LEVELS_PER_BEL = 5  # ... -5.0, -4.8, -4.6: finer steps change nothing

# Every article names a day. In the mixed texts behind wordfreq they are a hundred times rarer than in news.
CALENDAR_FREQUENCY = 1e-3
CALENDAR = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni
juli oktober dezember lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio
julio agosto septiembre octubre noviembre diciembre lundi mardi mercredi jeudi vendredi samedi dimanche janvier
février mars avril juin juillet août septembre octobre novembre décembre lunedì martedì mercoledì giovedì venerdì
sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre segunda terça quarta quinta
sexta janeiro fevereiro março maio junho julho setembro outubro dezembro понедельник вторник среда среду четверг
пятница пятницу суббота субботу воскресенье января февраля марта апреля мая июня июля августа сентября октября
ноября декабря понеділок вівторок середу четвер пятницю суботу неділю січня лютого березня квітня травня червня
липня серпня вересня жовтня листопада грудня maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari
februari maart mei augustus poniedziałek wtorek środę czwartek piątek sobotę niedzielę stycznia lutego marca
kwietnia maja czerwca lipca sierpnia września października listopada grudnia
"""


def main() -> None:
    """Write the table."""
    frequency_of: dict[str, float] = defaultdict(float)
    for language in SPACED + UNSPACED:
        words: Mapping[str, float] = import_module("wordfreq").get_frequency_dict(language, "small")
        for stem, frequency in (_stems if language in SPACED else _letter_pairs)(words).items():
            frequency_of[stem] = max(frequency_of[stem], frequency)
    for word in CALENDAR.split():
        stem = stem_of(fold(word))
        frequency_of[stem] = max(frequency_of[stem], CALENDAR_FREQUENCY)
    levels: dict[int, list[str]] = defaultdict(list)
    for stem, frequency in frequency_of.items():
        if frequency >= RAREST:
            levels[round(math.log10(frequency) * LEVELS_PER_BEL) * 100 // LEVELS_PER_BEL].append(stem)
    lines = [" ".join([str(level), *sorted(stems)]) for level, stems in sorted(levels.items())]
    TABLE.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    print(f"{TABLE}: {sum(map(len, levels.values())):,} stems, {TABLE.stat().st_size:,} bytes")


def _stems(words: Mapping[str, float]) -> dict[str, float]:
    """Add up the frequencies of the words that share a stem."""
    stems: dict[str, float] = defaultdict(float)
    for word, frequency in words.items():
        if word[:1].isalpha() and " " not in word:
            stems[stem_of(fold(word))] += frequency
    return stems


def _letter_pairs(words: Mapping[str, float]) -> dict[str, float]:
    """Estimate the frequencies of letter pairs, inside words and where one word meets the next by chance."""
    pairs: dict[str, float] = defaultdict(float)
    first: dict[str, float] = defaultdict(float)
    last: dict[str, float] = defaultdict(float)
    for word, frequency in words.items():
        first[word[0]] += frequency
        last[word[-1]] += frequency
        for start in range(len(word) - 1):
            pairs[word[start : start + 2]] += frequency
    for before, ends in last.items():
        for after, starts in first.items():
            if ends * starts > RAREST:
                pairs[before + after] += ends * starts
    return dict(sorted(pairs.items(), key=lambda pair: -pair[1])[:MOST_PAIRS])


if __name__ == "__main__":
    main()

"""The way out: every connection to the outside is dialled here, to an address that was judged first.

Pages are fetched by `download`, its limits on response heads are in `heads`. What the browser connects to goes through
`gate`, which `browser` puts before it.
"""

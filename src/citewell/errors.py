"""The error tree. Each message says what was expected, what was found and what to do.

CitewellError          anything that Citewell refuses to do
├── UsageError         the call is off: an empty question, an unknown folder, an unknown option value
├── ReadError          one file can't be read; the run goes on with the others
├── IndexMissing       there is no index, or no generation of it, where one was expected
├── IndexDamaged       a part of the index is missing, altered or of another version
├── EncoderMissing     the model's files are not on this machine, or are not the files they should be
├── FetchError         a service did not give what it was asked for; the run goes on with the other records
└── NoNetwork          a service can't be reached from this machine
"""


class CitewellError(Exception):
    """The root of all errors that Citewell raises on purpose."""


class UsageError(CitewellError):
    """The call can't be carried out as it was put."""


class ReadError(CitewellError):
    """One source can't be read."""


class IndexMissing(CitewellError):
    """No index where one was expected."""


class IndexDamaged(CitewellError):
    """A part of the index is not what its manifest says."""


class EncoderMissing(CitewellError):
    """The embedding model is not here, or is not the one that the index was built with."""


class FetchError(CitewellError):
    """A service on the network did not give what it was asked for."""


class NoNetwork(CitewellError):
    """A service on the network can't be reached."""

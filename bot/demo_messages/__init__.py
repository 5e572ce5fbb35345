"""The sample messages of `mixmatch demo`: roles, no invented persons. What becomes of them is decided elsewhere."""

from importlib.resources import files


def sample_texts() -> list[str]:
    """The texts of all sample messages, without their headers."""
    found = sorted(files(__name__).iterdir(), key=lambda file: file.name)
    mails = [file.read_text(encoding="utf-8").partition("\n\n")[2] for file in found if file.name.endswith(".eml")]
    chats = [file.read_text(encoding="utf-8") for file in found if file.name.endswith(".txt")]
    return mails + chats

"""What can be told of the settings by themselves: examples left in, secrets in the open, links that lead nowhere.

Whether a setting can be read at all is bot/config.py's; whether a server answers, bot/health/servers.py's.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.health.looking import Check, Finding
from bot.settings import Settings

HERE = frozenset({"localhost", "127.0.0.1", "::1", ""})
EXAMPLES = ("example.org", "example.com", "example.net")


def examples(settings: Settings) -> list[Finding]:
    """Whether the addresses are still those of the example, now that mail really leaves or comes in."""
    if settings.sends_locally and not settings.imap.host:
        return [Finding("settings", True, "Instellingen: een proefopstelling, er gaat geen mail naar buiten.")]
    programme = settings.programme
    named = {"programme.address": programme.address, "programme.coordinator": programme.coordinator}
    left = [name for name, address in named.items() if address.lower().endswith(EXAMPLES) and not _on_here(settings)]
    if not left:
        return [Finding("settings", True, "Instellingen: de adressen zijn ingevuld.")]
    what = f"Instellingen: {' en '.join(left)} is nog een voorbeeld."
    return [Finding("settings", False, what, "Vul de adressen in bij [programme]. Anders komt deze post nergens aan.")]


def is_trial(settings: Settings) -> bool:
    """Whether somebody tries the program: no mail leaves, or only by a server of this machine with example addresses.

    A server of this machine may as well be the one that sends everything on.
    """
    programme = settings.programme
    return settings.sends_locally or (_on_here(settings) and programme.address.lower().endswith(EXAMPLES))


def _on_here(settings: Settings) -> bool:
    """Whether every mail server is on this machine itself."""
    return {settings.imap.host, settings.smtp.host} <= HERE


def _leads_here(host: str) -> bool:
    """Whether a name of a link leads nowhere but to the machine on which somebody clicks on it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in HERE or host.endswith(".localhost")


def in_the_open(settings: Settings) -> list[Finding]:
    """Whether passwords and mail travel readable for others."""
    found = []
    for name, server in (("imap", settings.imap), ("smtp", settings.smtp)):
        if server.host not in HERE and server.security == "none":
            what = f"Instellingen: post gaat onversleuteld van en naar {server.host}."
            found.append(Finding("settings_open", False, what, f"Zet {name}.security op tls of starttls."))
    if settings.lmtp.port and settings.lmtp.host not in HERE:
        what = f"Instellingen: iedereen die bij {settings.lmtp.host}:{settings.lmtp.port} kan, kan post inleveren."
        advice = "Zet lmtp.host op 127.0.0.1, of laat met een firewall alleen je mailserver toe."
        found.append(Finding("settings_open", False, what, advice))
    return found


def links(settings: Settings) -> list[Finding]:
    """Whether who gets a letter can open the links in it, without others reading along."""
    base = urlsplit(settings.web.base_url)
    here = _leads_here(base.hostname or "")
    if here and not is_trial(settings):
        what = f"Instellingen: links in brieven beginnen met {settings.web.base_url} en werken alleen op deze computer."
        return [
            Finding("settings_links", False, what, "Zet web.base_url op het adres waarop anderen de pagina's zien.")
        ]
    if not here and base.scheme != "https":
        what = f"Instellingen: links in brieven beginnen met {settings.web.base_url}; anderen kunnen meelezen."
        return [Finding("settings_links", False, what, "Zet er een server met TLS voor, en web.base_url op https://.")]
    return []


CHECKS_OF_SETTINGS: tuple[Check, ...] = (examples, in_the_open, links)
"""Every look at the settings, in the order in which it is told."""

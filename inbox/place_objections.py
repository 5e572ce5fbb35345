"""What makes a place name no place: a surname, an everyday word, a province; weighing places is not done here."""

import re
from collections.abc import Callable

from expertise.places import is_in_brabant
from inbox.folding import fold
from inbox.place_context import Context, context_words, matches, phrase_pattern
from inbox.place_mentions import place_words

_TAKEN_BACK = re.compile(
    r"\W*(?:(?:nee|o nee|oh nee|sorry|of nee)\W+)?(?:grapje|geintje|ik bedoel|oeps|just kidding|i mean)(?!\w)"
    r"|\W*(?:o |oh |of )?nee\W+dat (?:is|ligt)(?!\w)"
)
_NEAR_THE_END = re.compile(
    r"\s*(?:[.,;:!?()]|$|(?:en|maar|die|dat|waar|hier|met|voor|van|is|zijn|hebben|zoekt|zoeken|and|i|we|wij)\s)"
)
_IN_BRABANT = re.compile(r"\s*\((?:in )?(?:(?:noord-?)?brabant|n\.?-?br?\.?)\)")
_TOWNS = ("gemeente", "dorp", "dorpje", "stad", "kern", "plaats")
POSTCODE = re.compile(r"(?<!\d)[1-9]\d{3} ?[A-Z]{2}\s+$")


def announcement(context: Context) -> float:
    """How strongly the words right before the name say that a place follows."""
    announces: dict[str, float] = place_words()["before"]
    if not context.before or not context.touches_before:
        return 0.0
    nearest = announces.get(context.before[0], 0.0)
    second = context.before[1] if len(context.before) > 1 else ""
    # "In de gemeente de straten": what follows an article is no name of a municipality.
    if context.before[0] in ("van", "of") or (context.before[0] in ("de", "het") and second not in _TOWNS):
        nearest = max(nearest, announces.get(second, 0.0))
    return nearest


def _is_a_surname(context: Context) -> bool:
    """After a name, or the last word of the text right behind a word with a capital ("Gijs Hoornaar")."""
    if POSTCODE.search(context.text_before):
        return False
    signed = context.closes_text and context.alone and context.touches_before and context.after_a_capital
    return context.after_a_name or (signed and announcement(context) <= 0)


def _is_an_everyday_word(context: Context) -> bool:
    """Best, Made, Son: only with a capital that does not come from the start of the sentence."""
    if not context.mention.ordinary:
        return False
    if not context.capital:
        announced = announcement(context) >= 2.5 and any(
            is_in_brabant(place.municipality) for place in context.mention.places
        )
        return not announced and not _is_small_but_meant(context)
    greets = context.text_after.lstrip().startswith(",")  # "Best," above a name closes a letter
    stands_alone = not context.before and not context.after and not context.closes_text and not greets
    return not context.before and not stands_alone and announcement(context) < 1.2


def _is_small_but_meant(context: Context) -> bool:
    """ "wij zitten in best." and "dorpsraad mill": without a capital, at the end of what is said of the place."""
    words = context_words()
    named = {fold(place.name) for place in context.mention.places} & words["small_letters"]
    if not named or not context.touches_before or not _NEAR_THE_END.match(context.text_after):
        return False
    carrier = (
        context.before[1] if context.before[0] in ("van", "uit") and len(context.before) > 1 else context.before[0]
    )
    return context.before[0] in ("in", "uit", "te", "vanuit") or matches(carrier, "group")


def _is_taken_back(context: Context) -> bool:
    """ "Odijk, nee grapje", "Sterrenburg? nee dat is Dordrecht"."""
    return _TAKEN_BACK.match(context.text_after) is not None


def _is_a_province(context: Context) -> bool:
    """Zeeland, Utrecht, Limburg as a province; the village Zeeland only when told to be one, or to lie in Brabant."""
    words = context_words()
    if any(word in words["not_the_village"] for word in context.before[:2]):
        return True
    if not any(fold(place.name) == "zeeland" for place in context.mention.places):
        return False
    if _IN_BRABANT.match(context.text_after):
        return False
    return not any(matches(word, "village_words") for word in re.findall(r"\w+", context.sentence))


def _is_the_provincial_government(context: Context) -> bool:
    """ "Uit Den Bosch, van de provincie dus, komt niets": who sits there, not where the writer does."""
    if all(fold(place.name) not in ("den bosch", "'s-hertogenbosch") for place in context.mention.places):
        return False
    named = phrase_pattern("provincial_government_before").search(context.clause_before)
    return named is not None or phrase_pattern("provincial_government_after").match(_bare_start(context)) is not None


def _bare_start(context: Context) -> str:
    return context.text_after.lstrip(" ,(-–")


def _is_a_small_word_elsewhere(context: Context) -> bool:
    """ "voor rekken en kopjes": a word in small letters is no hamlet in another province, unless announced."""
    if context.capital or not context.before or announcement(context) >= 1.2:
        return False
    return not any(
        is_in_brabant(place.municipality) or place.kind == "municipality" for place in context.mention.places
    )


OBJECTIONS: tuple[Callable[[Context], bool], ...] = (
    _is_a_surname,
    _is_an_everyday_word,
    _is_a_province,
    _is_taken_back,
    _is_the_provincial_government,
    _is_a_small_word_elsewhere,
)

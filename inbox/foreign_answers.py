"""Words of yes, no and doubt in Polish, Ukrainian, Turkish and Arabic answers; weighing them belongs in asked.py.

Every pattern here is for text that went through `bare` of folding.py: small letters, no accents, no vowel signs.
Ukrainians who mix in a Russian word are understood where that word doubts or refuses.
"""


def _one_of(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_ENDS = r"(?=\W*$|[ ]*[,.!;:،؛\n-])"
"""The answer, or this part of it, ends here: "tak jak pisalem" is no "tak", and "nie rozumiem" no "nie"."""

GREETING = (
    r"^\W*(?:dzien dobry|witam|czesc|dobry wieczor|добрий (?:день|вечір|ранок)|доброго дня|вітаю|привіт|merhaba|selam"
    r"|iyi gunler|السلام عليكم|مرحبا|اهلا|تحيه طيبه)(?: panstwu| wszystkim| всім)?[ ]*[,!.،\n]\s*"
)

# In Polish "ja" is "I": "Ja musze zapytac" is no Dutch yes.
JA = (
    r"ja(?! (?:bym|musze|musimy|chce|chcial\w*|sie|jestem|mam|wole|wolal\w*|zapytam|zapyta\w*|nie|tez|to|tego|juz"
    r"|mog\w+|mysle|potrzebuje|zastanowi\w*|najpierw|osobiscie|tylko|raczej|chyba|jeszcze|nadal|zawsze)\b)"
)
# And "no" is "well": "No tak".
NO = r"no(?! (?:tak|pewnie|dobrze|jasne|oczywiscie|zgoda)\b)"

YES = _one_of(
    r"(?:no )?tak(?! (?:jak|naprawde|samo|wiec|sobie|szczerze|zwany)\b)(?!\W+jak\b)",
    r"(?:no )?(?:oczywiscie|jasne)(?!\W+(?:ze )?nie\b)",
    r"zgadza sie",
    r"так(?! (?:само|як|що|собі|званий)\b)(?!\W+як\b)",
    r"(?:звичайно|звісно|авжеж)(?!\W+(?:що )?(?:ні|не)\b)",
    r"evet",
    r"(?:elbette|tabii?(?: ki)?)(?!\W+(?:ki )?hayir\b)",
    r"نعم",
    r"(?:طبعا|بالطبع|بالتاكيد|اكيد)(?!\W+لا\b)",
)
"""Opens an answer to a question about a fact with a yes."""

AGREED = _one_of(
    rf"(?:no )?tak{_ENDS}(?!\W+jak\b)",
    r"(?:no )?tak (?:prosze|chetnie|oczywiscie|zgadzam|zgoda|moze(?:cie|sz)|mozna|jest|dziekuj\w+"
    r"|tak|wyrazam|jasne|pewnie)",
    r"(?:ja )?zgadzam(?:y)? sie",
    r"(?:ja )?wyraza(?:m|my) zgode",
    rf"так{_ENDS}(?!\W+як\b)",
    r"так (?:звичайно|звісно|авжеж|будь ласка|можна|можете|згод\w+|погоджу\w+|дякую|добре|так)",
    r"(?:я |ми )?(?:згоден|згодна|згодні|погоджуюс[яь]|погоджуємос[яь])",
    r"(?:я |ми )?да(?:ю|ємо) згоду",
    r"evet",
    r"kabul edi?yor(?:um|uz)",
    r"izin veriyor(?:um|uz)",
    r"onayliyor(?:um|uz)",
    r"نعم",
    r"(?:انا |نحن )?(?:موافق(?:ون|ين)?|اوافق|نوافق)",
)
"""Opens an answer to "may we pass on your details" with a yes, whatever comes after it."""

AGREED_ALONE = _one_of(
    r"(?:no )?(?:oczywiscie|jasne|pewnie|dobrze)",
    r"jak najbardziej",
    r"(?:bardzo )?chetnie",
    r"zgoda",
    r"mozecie|mozna|mozesz",
    r"згода|звичайно|звісно|авжеж|добре|гаразд|можна|можете|із задоволенням",
    r"tamam|olur|elbette|tabii?(?: ki)?|peki|memnuniyetle|kabul",
    r"verebilirsiniz|paylasabilirsiniz",
    r"موافقه|طبعا|بالطبع|بالتاكيد|اكيد|حسنا|تمام|يمكنكم(?: ذلك)?",
)
"""A yes only by itself: "dobrze wiedziec" and "tamam, anladim" allow nothing."""

AFTER_AGREED = _one_of(
    r"ze tak|tak|prosze|dziekuj\w+|zgadzam|mozecie|mozna|mozesz|przekaz\w+|poda(?:c|jcie)",
    r"так|будь ласка|прошу|дякую|згод\w+|погоджу\w+|можна|можете|передавайте|передайте",
    r"evet|olur|tamam|lutfen|tesekkur\w*|verebilirsiniz|paylasabilirsiniz|kabul",
    r"نعم|موافق|اوافق|تفضلوا?|يمكنكم|شكرا",
)
"""What may follow `AGREED_ALONE`."""

REFUSED = _one_of(
    rf"nie{_ENDS}",
    r"nie (?:chc\w+|zgadza\w+|wyraz\w+|zyczy?\w*|moze(?:cie|sz)|mozna|wolno|dzieki|dziekuj\w+|trzeba"
    r"|podawa\w+|przekazuj\w+|udostepnia\w+|nie)",
    r"(?:raczej|lepiej|wole|absolutnie|zdecydowanie|na pewno) nie(?! wiem)",
    r"(?:oczywiscie|jasne)\W+ze nie",
    r"(?:я |ми )?не (?:хо(?:чу|чемо)|треба|потрібно|погоджу\w+|згод\w+|дозволя\w+|даю|даємо|давайте"
    r"|передавайте|бажа\w+)",
    r"(?:краще|мабуть|звичайно|звісно|зовсім)\W+ні",
    r"ні|нет",
    r"(?:tabii? ki )?hayir",
    r"(?:ben |biz )?(?:istemi?yor(?:um|uz)|istemem|istemeyiz|olmaz)",
    rf"yok{_ENDS}",
    r"(?:paylasma|verme)(?:yin|yiniz)?",
    rf"لا{_ENDS}",
    r"لا (?:اريد|نريد|اوافق|نوافق|ارغب|نرغب|احب|تعطوا|تشاركوا|داعي|شكرا|اسمح|نسمح|لا)",
    r"(?:طبعا|بالطبع|بالتاكيد|اكيد)\W+لا",
    r"كلا|ارفض|نرفض",
    r"(?:غير|لست|لسنا) موافق\w*",
)
"""Opens an answer to "may we pass on your details" with a no."""

NO_FACT = _one_of(
    r"(?:raczej )?nie(?! (?:mam nic|mamy nic|ma (?:zadnego )?(?:problem|spraw)|rozumie|wie))",
    r"ні",
    r"(?:ще )?не(?! (?:проти|зна|розумі|запереч|впевн))",
    r"hayir",
    r"لا(?! (?:مانع|باس|مشكل|اعتراض|امانع|نمانع|اعرف|نعرف|ادري|ندري|اعلم|نعلم|افهم|نفهم|شك))",
)
"""Opens an answer to a question about a fact with a no."""

DOUBT = _one_of(
    r"ale|najpierw|tylko|jesli|jezeli|moze|chyba|pod warunkiem|o ile|gdy\w*|dopiero|zanim|wczesniej|raczej|zalezy"
    r"|prawdopodobnie|po (?:rozmow\w+|konsultacj\w+|uzgodnieni\w+|spotkani\w+)|zastanowi\w*|nie",
    r"але|спочатку|спершу|лише|тільки|якщо|можливо|може|мабуть|напевно|за умови|коли|після|раніше|перш|поки|залежить"
    r"|хіба|подума\w+|но|если|только|сначала|не|ні|нет",
    r"ama|fakat|ancak|belki|once|sadece|yalniz\w*|eger|veya|ya da|yoksa|sonra|henuz|galiba|herhalde|sart\w*|kosul\w*"
    r"|takdirde|uygunsa|olsa|dusun\w*|(?!\w*verse)\w{2,}[aeiu]rs[ae](?:m|n|k|niz|nuz|lar|ler)?|degil\w*|yok|hayir",
    r"[وف]?(?:لكن\w*|ربما|اولا|فقط|اذا|بشرط|شرط|او|ام|لو|بعد|قبل|عندما|حسب|الا|قد|لا|ليس\w*|لست|لن|لم|غير)",
    r"يعتمد|افكر|نفكر|مبدييا",
)
"""Takes the plainness from a yes, wherever it stands."""

ASKS = r"(?:czy|чи|m[iu](?:siniz|sunuz|yim|yiz)?|هل)"
"""Makes a sentence a question, also without its mark."""

NO_OBJECTION = _one_of(
    r"(?:z (?:mojej|naszej) strony |ja )?nie (?:mam|mamy|widze|widzimy) (?:nic przeciwko(?: temu)?|zastrzezen)",
    r"nie ma (?:zadnego )?(?:problemu|sprawy)|zaden problem|bez problemu|czemu nie|dlaczego nie",
    r"(?:я |ми )?(?:зовсім )?не проти|не ма(?:ю|ємо) (?:нічого проти|заперечень)|(?:я |ми )?не заперечу(?:ю|ємо)",
    r"без проблем|немає проблем|чому (?:б )?ні",
    r"(?:(?:benim|bizim) icin )?(?:hicbir |bir )?"
    r"(?:sorun|sakinca|sakincasi|problem|itirazim|itirazimiz) (?:yok|degil)(?:tur)?",
    r"neden olmasin",
    r"(?:لا|ما|ليس)(?: (?:يوجد|توجد|عندي|عندنا|لدي|لدينا|في|هناك))?(?: اي)?"
    r" (?:مانع|باس|مشكله|اعتراض)(?: (?:لدي|لدينا|عندي))?",
    r"ما(?:في|عندي) (?:مانع|مشكله)|لا (?:ا|ن)مانع|لم لا|بلا شك|لا شك",
)
"""Holds a word of denial and means yes."""

DONT_KNOW = _one_of(
    r"nie (?:wiem|wiemy)|nie ma(?:m|my) pojecia|nie jest(?:em|esmy) pewn\w+|nie jestem pewien|trudno powiedziec",
    r"не зна(?:ю|ємо|ем)|не впевнен\w+|гадки не ма\w+|не ма(?:ю|ємо) (?:уявлення|гадки)|важко сказати",
    r"bilmiyor(?:um|uz)?|bilmem|emin degil\w*|fikr(?:im|imiz) yok",
    r"(?:لا|ما) (?:اعرف|نعرف|ادري|ندري|اعلم|نعلم|بعرف)|(?:ليس|ما) (?:لدي|لدينا|عندي|عندنا) (?:اي )?فكره"
    r"|(?:لست|لسنا|غير) متاكد\w*",
)

VIEW = _one_of(
    r"spodziewa(?:m|my) sie|oczekuj(?:e|emy)",
    r"очіку(?:ю|ємо)|сподіва(?:юс[яь]|ємос[яь]|ємся)",
    r"bekliyor(?:um|uz)",
    r"[ان]توقع",
)
"""Expects that the budget will close."""

NO_VIEW = _one_of(
    r"nie (?:spodziewa|oczekuj)\w*|(?:spodziewam\w* sie|oczekuj\w+)\W+(?:ze )?nie",
    r"не (?:очіку|сподіва)\w*|(?:очіку|сподіва)\w+\W+(?:що )?(?:ні|не)",
    r"\w+(?:meme|mama|meyece|mayaca)\w* bekliyor\w*|beklemi?yor\w*|(?:cevap|cevab|yanit|haber)\w* bekliyor\w*",
    r"(?:لا|لم|ما) (?:ن|ا)?توقع|[ان]توقع (?:ان )?(?:لا|الا|عدم)",
)

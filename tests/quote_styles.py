"""How mail programs set the older mail below a reply, for the tests of quotes and of answers."""

OURS = "Mix&Match <socialeveerkracht@example.org>"
OLD = "Antwoord JA of NEE.\nKenmerk: MM-0123456789ABCDEFGHJK"
MARKED = "\n".join("> " + line for line in OLD.split("\n"))

# (client, what stands between the new text and the old)
MARKED_STYLES = {
    "gmail nl": f"Op ma 3 nov 2025 om 10:14 schreef {OURS}:\n",
    "gmail nl, dots": f"Op ma 3 nov. 2025 om 10:14 schreef {OURS}:\n\n",
    "gmail nl, wrapped": "Op maandag 3 november 2025 om 10:14 schreef Mix&Match\n<socialeveerkracht@example.org>:\n",
    "gmail nl, at the bracket": "Op ma 3 nov 2025 om 10:14 schreef Mix&Match <\nsocialeveerkracht@example.org>:\n",
    "apple nl": f"Op 3 nov. 2025, om 10:14 heeft {OURS} het volgende geschreven:\n\n",
    "iphone nl, marked": f"> Op 3 nov. 2025 om 10:14 heeft {OURS} het volgende geschreven:\n> \n",
    "thunderbird nl": "Op 03-11-2025 om 10:14 schreef Mix&Match:\n",
    "name first": "Mix&Match schreef op 3 november 2025 10:14:\n",
    "name only": "Mix&Match schreef:\n",
    "weekday only": "Op maandag schreef Mix&Match:\n",
    "outlook express": "-----Oorspronkelijk bericht-----\nVan: Mix&Match\nOnderwerp: voorstel\n\n",
    "gmail en": f"On Mon, 3 Nov 2025 at 10:14, {OURS} wrote:\n",
    "gmail en, wrapped": "On Mon, 3 Nov 2025 at 10:14, Mix&Match <socialeveerkracht@example.org>\nwrote:\n",
    "gmail de": f"Am Mo., 3. Nov. 2025 um 10:14 Uhr schrieb {OURS}:\n",
    "thunderbird de": "Am 03.11.25 um 10:14 schrieb Mix&Match:\n",
    "gmail fr": f"Le lun. 3 nov. 2025 à 10:14, {OURS} a écrit :\n",
    "gmail pl": f"pon., 3 lis 2025 o 10:14 {OURS} napisał(a):\n",
    "thunderbird pl": "W dniu 3.11.2025 o 10:14, Mix&Match pisze:\n",
    "gmail tr": f"{OURS}, 3 Kas 2025 Pzt, 10:14 tarihinde şunu yazdı:\n",
    "gmail uk": f"пн, 3 лист. 2025 р. о 10:14 {OURS} пише:\n",
    "gmail ar": f"في الاثنين، ٣ نوفمبر ٢٠٢٥ في ١٠:١٤ ص تمت كتابة ما يلي بواسطة {OURS}:\n",
    "a language nobody taught us": f"2025. nov. 3., H 10:14 időpontban {OURS} ezt írta:\n",
    "no announcement": "",
}
TO = "adviseur@zet.example.org"
UNDERSCORES = "_" * 32
DATE_NL = "maandag 3 november 2025 10:14"
UNMARKED_STYLES = {
    "outlook nl": f"Van: {OURS}\nVerzonden: {DATE_NL}\nAan: {TO}\nOnderwerp: voorstel\n\n",
    "outlook nl, bold": f"*Van:* Mix&Match\n*Verzonden:* {DATE_NL}\n*Aan:* adviseur\n*Onderwerp:* voorstel\n\n",
    "outlook nl, wrapped": f"Van: Mix&Match\nVerzonden: maandag\nAan: {TO};\n  x@zet.example.org\nOnderwerp: y\n\n",
    "outlook en": f"From: {OURS}\nSent: Monday, November 3, 2025 10:14 AM\nTo: adviseur\nSubject: voorstel\n\n",
    "outlook de": f"Von: {OURS}\nGesendet: Montag, 3. November 2025\nAn: {TO}\nBetreff: voorstel\n\n",
    "outlook pl": f"Od: {OURS}\nWysłano: poniedziałek, 3 listopada\nDo: {TO}\nTemat: voorstel\n\n",
    "outlook tr": f"Kimden: {OURS}\nGönderildi: 3 Kasım 2025 Pazartesi\nKime: {TO}\nKonu: voorstel\n\n",
    "outlook ar": f"من: {OURS}\nتم الإرسال: الاثنين\nإلى: {TO}\nالموضوع: voorstel\n\n",
    "outlook uk": f"Від: {OURS}\nНадіслано: понеділок\nКому: {TO}\nТема: voorstel\n\n",
    "outlook mobile": f"{UNDERSCORES}\nFrom: {OURS}\nSent: Monday\nTo: {TO}\nSubject: voorstel\n\n",
    "outlook hu": f"{UNDERSCORES}\nFeladó: {OURS}\nElküldve: hétfő\nCímzett: {TO}\nTárgy: voorstel\n\n",
    "original message nl": f"-----Oorspronkelijk bericht-----\nVan: {OURS}\nVerzonden: maandag\nOnderwerp: y\n\n",
    "original message, bare": "-----Oorspronkelijk bericht-----\n",
    "original message en": "-----Original Message-----\nFrom: x\nSent: y\n\n",
    "samsung": f"-------- Oorspronkelijk bericht --------\nVan: x\nDatum: 03-11-2025 10:14\nAan: {TO}\n\n",
    "phone without quote signs": f"Op ma 3 nov. 2025 10:14 schreef {OURS}:\n\n",
}

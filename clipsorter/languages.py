"""Which language a phrase is in: by its letters, and among those written in Latin letters by everyday words.

Nobody can tell the language of every single word. What is told here decides which sentence goes around a word before
a model that reads many languages sees it, so a wrong guess costs more than none: a word that several languages share,
or that is English too, counts as English.
"""

import unicodedata
from collections.abc import Iterable, Mapping

# The first word of a letter's Unicode name -> language. Kana decide before Han: Japanese is written with both.
_SCRIPTS = (("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("HANGUL", "ko"), ("CJK", "zh"), ("CYRILLIC", "ru"))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in text.split())  # casefold writes ß as ss


# What people photograph, and the small words around it. No word that English has too.
_WORDS: Mapping[str, frozenset[str]] = {
    "de": _words(
        """
        der das dem ein eine einen einem einer und mit auf im beim vom zum zur unser unsere mein meine ohne strand
        meer hund hunde katze katzen pferd vogel vögel tier tiere mensch menschen kinder mädchen junge familie
        hochzeit geburtstag weihnachten urlaub reise berg berge wald baum bäume blume blumen garten schnee himmel
        wolken sonnenuntergang sonnenaufgang nacht stadt straße haus häuser gebäude kirche brücke küche zimmer essen
        kuchen getränk getränke obst gemüse fahrrad zug flugzeug schiff fluss rechnung rechnungen quittung
        quittungen bildschirmfoto bildschirmfotos dokument dokumente karte buch bücher schuhe kleidung spielzeug
        fußball werkzeug uhr gemälde foto bild bilder
        """
    ),
    "fr": _words(
        """
        de la le les une du avec sans dans nos chez plage mer chien chiens chats cheval oiseau oiseaux animaux
        personne personnes gens enfant enfants fille garçon famille mariage anniversaire noël vacances montagne
        montagnes forêt arbre arbres fleur fleurs jardin neige ciel nuages coucher soleil nuit ville rue maison
        maisons bâtiment bâtiments église pont chambre nourriture repas gâteau boisson boissons fruits légumes
        voiture voitures vélo avion bateau rivière facture factures reçu reçus capture écran livre livres chaussures
        vêtements jouet jouets horloge peinture
        """
    ),
    "es": _words(
        """
        de la el los las una del con y en nuestro nuestra playa mar perro perros gato gatos caballo pájaro pájaros
        animales persona personas gente niño niña niños familia boda cumpleaños navidad vacaciones viaje montaña
        montañas bosque árbol árboles flor flores jardín nieve cielo nubes atardecer amanecer noche ciudad calle
        casa casas edificio edificios iglesia puente cocina habitación comida bebida bebidas fruta frutas verduras
        coche coches bicicleta avión barco río factura facturas recibo recibos captura pantalla documento documentos
        mapa libro libros zapatos ropa juguete juguetes fútbol reloj pintura foto
        """
    ),
    "it": _words(
        """
        di la gli una del della con senza e nel nella mio nostro nostra spiaggia cani gatto gatti cavallo uccello
        uccelli animali persona persone gente bambino bambina bambini famiglia matrimonio compleanno natale vacanze
        vacanza viaggio montagna montagne bosco albero alberi fiore fiori giardino neve cielo nuvole tramonto alba
        notte città strada edificio edifici chiesa ponte cucina cibo torta bevanda bevande frutta verdura macchina
        macchine bicicletta treno aereo nave fiume fattura fatture ricevuta ricevute schermata documento documenti
        mappa libro libri scarpe vestiti giocattolo giocattoli calcio orologio dipinto foto
        """
    ),
    "pt": _words(
        """
        de uma sem e em meu minha nosso nossa praia mar cachorro cachorros cão cães gato gatos cavalo pássaro
        pássaros animais pessoa pessoas gente criança crianças menino menina família casamento aniversário férias
        viagem montanha montanhas floresta árvore árvores flor flores jardim neve céu nuvens noite cidade rua casa
        casas prédio prédios igreja ponte cozinha quarto comida bolo bebida bebidas fruta frutas legumes carro
        carros bicicleta trem comboio avião barco navio fatura faturas recibo recibos captura tela documento
        documentos mapa livro livros sapatos roupa roupas brinquedo brinquedos futebol relógio pintura foto
        """
    ),
}
_FEW = 2  # languages of a model that was made for them alone
# Letters that only one of them has.
_LETTERS: Mapping[str, str] = {"ß": "de", "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "œ": "fr"}


def language_of_letters(phrase: str) -> str:
    """ "zh", "ja", "ko" or "ru" where a phrase holds letters that tell so, "en" for everything else."""
    scripts = _scripts(phrase)
    return next((language for script, language in _SCRIPTS if script in scripts), "en")


def language_of_words(phrase: str) -> str:
    """As ``language_of_letters``, and "de", "fr", "es", "it" or "pt" where everyday words or letters tell so."""
    if (language := language_of_letters(phrase)) != "en":
        return language
    plain = unicodedata.normalize("NFC", phrase).casefold()
    words = "".join(letter if letter.isalpha() else " " for letter in plain).split()
    counts = {one: sum(word in known for word in words) for one, known in _WORDS.items()}
    for letter, one in _LETTERS.items():
        counts[one] += letter in phrase.lower()
    best = max(counts.values())
    leaders = [one for one, count in counts.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else "en"


def is_cjk(text: str) -> bool:
    """Whether a phrase contains Chinese characters."""
    return "CJK" in _scripts(text)


def is_read_by(phrase: str, languages: Iterable[str]) -> bool:
    """False where a model of these languages (BCP 47) knows no word of a phrase, as far as its letters tell.

    Letters say nothing about German and English, but Chinese is noise to an English model and Russian to a Chinese one.
    """
    spoken = {tag.partition("-")[0].lower() for tag in languages}
    scripts = _scripts(phrase)
    if not scripts or "LATIN" in scripts:  # Chinese-CLIP's vocabulary holds Latin letters and everyday English, too
        return True
    told = {language for script, language in _SCRIPTS if script in scripts}
    if "CJK" in scripts:
        told.add("ja")  # kanji alone look like Chinese
    # The script of a language that is not told apart here: models of many languages know more than they are asked for.
    return bool(told & spoken) if told else len(spoken) > _FEW


def _scripts(phrase: str) -> set[str]:
    """The first words of the Unicode names of a phrase's letters."""
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in phrase if letter.isalpha()}

"""The sentences around words, and what stands beside them, in each language that a catalogued model reads.

Every language has all three: a category in French is compared with French things, because sentences of one language
lie closer to each other in a model's space than to those of another.
"""

from collections.abc import Mapping
from types import MappingProxyType

# Few and plain: each further template costs 0.1 s of text encoding per new category on a slow core. No article and no
# case has to fit the word, since a person types any.
TEMPLATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": ("a photo of a {}", "a photo of {}", "a picture showing {}", "{}"),
        "zh": ("一张{}的照片", "一张有{}的图片", "照片里是{}", "{}"),
        "ja": ("{}の写真", "{}が写っている写真", "写真に写っているのは{}", "{}"),
        "ko": ("{} 사진", "{}의 사진", "사진 속의 {}", "{}"),
        "ru": ("фото: {}", "на фото {}", "фотография, на которой {}", "{}"),
        "de": ("ein Foto von {}", "ein Bild mit {}", "auf dem Foto: {}", "{}"),
        "fr": ("une photo de {}", "une image avec {}", "sur la photo : {}", "{}"),
        "es": ("una foto de {}", "una imagen con {}", "en la foto: {}", "{}"),
        "it": ("una foto di {}", "un'immagine con {}", "nella foto: {}", "{}"),
        "pt": ("uma foto de {}", "uma imagem com {}", "na foto: {}", "{}"),
    }
)

# Between a word and what explains it ("boxer, a dog breed"); a comma elsewhere.
CONTEXT_MARKS: Mapping[str, str] = MappingProxyType({"zh": "，", "ja": "、"})

# What a photo is when it is nothing in particular: candidates beside the categories in the softmax.
BACKGROUND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            "a photo",
            "a picture of something",
            "a photo of various things",
            "an object",
            "a place",
            "a background",
        ),
        "zh": ("一张照片", "一张图片", "各种东西的照片", "一个物体", "一个地方", "背景"),
        "ja": ("写真", "何かの画像", "いろいろなものの写真", "物体", "場所", "背景"),
        "ko": ("사진", "무언가의 이미지", "여러 가지 물건의 사진", "물체", "장소", "배경"),
        "ru": ("фото", "изображение чего-то", "фото разных вещей", "предмет", "место", "фон"),
        "de": (
            "ein Foto",
            "ein Bild von etwas",
            "ein Foto von Verschiedenem",
            "ein Gegenstand",
            "ein Ort",
            "Hintergrund",
        ),
        "fr": (
            "une photo",
            "une image de quelque chose",
            "une photo de diverses choses",
            "un objet",
            "un lieu",
            "un fond",
        ),
        "es": ("una foto", "una imagen de algo", "una foto de varias cosas", "un objeto", "un lugar", "un fondo"),
        "it": ("una foto", "un'immagine di qualcosa", "una foto di varie cose", "un oggetto", "un luogo", "uno sfondo"),
        "pt": ("uma foto", "uma imagem de algo", "uma foto de várias coisas", "um objeto", "um lugar", "um fundo"),
    }
)


def _all_of(form: str, things: str) -> tuple[str, ...]:
    return tuple(form.format(thing.strip()) for thing in things.split("/"))


# Everyday things of every kind, the same 32 in each language. Any one of them describes few photos of a library, so
# their cosines with all of it show what "does not match" looks like for this encoder and these photos (see cutoffs).
REFERENCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            *("a photo of a person", "a photo of a child", "a photo of shoes", "a photo of a dog", "a photo of a fish"),
            *("a photo of an insect", "a photo of a bird", "a photo of a flower", "a photo of a forest"),
            *("a photo of a mountain", "a photo of the sea", "a photo of a sunset", "a photo of a city street"),
            *("a photo of a tall building", "a photo of a bedroom", "a photo of furniture", "a photo of a lamp"),
            *("a photo of a car", "a photo of an airplane", "a photo of food", "a photo of a bottle"),
            *("a photo of a document", "a photo of a map", "a screenshot", "a photo of a computer"),
            *("a photo of a musical instrument", "a photo of a toy", "a photo of a sports game", "a photo of a tool"),
            *("a photo of a clock", "a photo of a painting", "a photo of a party"),
        ),
        "zh": (
            *("一张人的照片", "一张孩子的照片", "一张鞋子的照片", "一张狗的照片", "一张鱼的照片", "一张昆虫的照片"),
            *("一张鸟的照片", "一张花的照片", "一张森林的照片", "一张山的照片", "一张大海的照片", "一张日落的照片"),
            *("一张街道的照片", "一张高楼的照片", "一张卧室的照片", "一张家具的照片", "一张灯的照片", "一张汽车的照片"),
            *("一张飞机的照片", "一张食物的照片", "一张瓶子的照片", "一张文件的照片", "一张地图的照片", "一张屏幕截图"),
            *("一张电脑的照片", "一张乐器的照片", "一张玩具的照片", "一张体育比赛的照片", "一张工具的照片"),
            *("一张时钟的照片", "一张绘画的照片", "一张聚会的照片"),
        ),
        "ja": _all_of(
            "{}の写真",
            "人/子ども/靴/犬/魚/昆虫/鳥/花/森/山/海/夕日/街の通り/高い建物/寝室/家具/ランプ/車/飛行機/食べ物/瓶/書類/地図/"
            "スクリーンショット/コンピューター/楽器/おもちゃ/スポーツの試合/道具/時計/絵画/パーティー",
        ),
        "ko": _all_of(
            "{} 사진",
            "사람/아이/신발/개/물고기/곤충/새/꽃/숲/산/바다/일몰/도시 거리/높은 건물/침실/가구/램프/자동차/비행기/"
            "음식/병/문서/지도/스크린샷/컴퓨터/악기/장난감/스포츠 경기/도구/시계/그림/파티",
        ),
        "ru": _all_of(
            "фото: {}",
            "человек/ребёнок/обувь/собака/рыба/насекомое/птица/цветок/лес/гора/море/закат/городская улица/"
            "высокое здание/спальня/мебель/лампа/машина/самолёт/еда/бутылка/документ/карта/снимок экрана/компьютер/"
            "музыкальный инструмент/игрушка/спортивная игра/инструмент/часы/картина/вечеринка",
        ),
        "de": _all_of(
            "ein Foto von {}",
            "einem Menschen/einem Kind/Schuhen/einem Hund/einem Fisch/einem Insekt/einem Vogel/einer Blume/einem Wald/"
            "einem Berg/dem Meer/einem Sonnenuntergang/einer Straße in der Stadt/einem hohen Gebäude/"
            "einem Schlafzimmer/Möbeln/einer Lampe/einem Auto/einem Flugzeug/Essen/einer Flasche/"
            "einem Dokument/einer Landkarte/einem Bildschirm/einem Computer/einem Musikinstrument/"
            "einem Spielzeug/einem Sportspiel/einem Werkzeug/"
            "einer Uhr/einem Gemälde/einem Fest",
        ),
        "fr": _all_of(
            "une photo {}",
            "d'une personne/d'un enfant/de chaussures/d'un chien/d'un poisson/d'un insecte/d'un oiseau/d'une fleur/"
            "d'une forêt/d'une montagne/de la mer/d'un coucher de soleil/d'une rue en ville/d'un grand immeuble/"
            "d'une chambre/de meubles/d'une lampe/d'une voiture/d'un avion/de nourriture/d'une bouteille/d'un document/"
            "d'une carte/d'une capture d'écran/d'un ordinateur/d'un instrument de musique/d'un jouet/"
            "d'un match de sport/d'un outil/d'une horloge/d'un tableau/d'une fête",
        ),
        "es": _all_of(
            "una foto de {}",
            "una persona/un niño/zapatos/un perro/un pez/un insecto/un pájaro/una flor/un bosque/una montaña/el mar/"
            "una puesta de sol/una calle de la ciudad/un edificio alto/un dormitorio/muebles/una lámpara/un coche/"
            "un avión/comida/una botella/un documento/un mapa/una captura de pantalla/un ordenador/"
            "un instrumento musical/un juguete/un partido deportivo/una herramienta/un reloj/un cuadro/una fiesta",
        ),
        "it": _all_of(
            "una foto di {}",
            "una persona/un bambino/scarpe/un cane/un pesce/un insetto/un uccello/un fiore/una foresta/una montagna/"
            "mare/un tramonto/una strada di città/un edificio alto/una camera da letto/mobili/una lampada/un'auto/"
            "un aereo/cibo/una bottiglia/un documento/una mappa/una schermata/un computer/uno strumento musicale/"
            "un giocattolo/una partita/un attrezzo/un orologio/un dipinto/una festa",
        ),
        "pt": _all_of(
            "uma foto de {}",
            "uma pessoa/uma criança/sapatos/um cachorro/um peixe/um inseto/um pássaro/uma flor/uma floresta/"
            "uma montanha/mar/um pôr do sol/uma rua da cidade/um prédio alto/um quarto/móveis/uma lâmpada/um carro/"
            "um avião/comida/uma garrafa/um documento/um mapa/uma captura de tela/um computador/"
            "um instrumento musical/um brinquedo/um jogo esportivo/uma ferramenta/um relógio/um quadro/uma festa",
        ),
    }
)

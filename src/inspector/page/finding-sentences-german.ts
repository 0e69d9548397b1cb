/** German for what is found in files of vehicles, in zones, in the chain of the journal, and in a trial. */
import type { Pair } from './sentences-german.ts'

const VEHICLES: readonly Pair[] = [
  ['The file is empty; begin it with the header {}.', 'Die Datei ist leer; beginnen Sie mit der Kopfzeile {}.'],
  [
    'The header names "{}", which is no column; the columns are {}.',
    'Die Kopfzeile nennt „{}“, das ist keine Spalte; die Spalten sind {}.',
  ],
  [
    'The header names {} twice; name each column once.',
    'Die Kopfzeile nennt {} zweimal; nennen Sie jede Spalte einmal.',
  ],
  [
    'The header lacks {}; begin the file with {} (plate and accountId at least).',
    'Der Kopfzeile fehlt {}; beginnen Sie die Datei mit {} (wenigstens plate und accountId).',
  ],
  [
    'The line has {} cells where the header has {}; put cells that hold the separator in quotes.',
    'Die Zeile hat {} Zellen, die Kopfzeile {}; setzen Sie Zellen, die das Trennzeichen enthalten, in Anführungszeichen.',
  ],
]

const ZONES: readonly Pair[] = [
  ['there is no camera {} in this file', 'in dieser Datei gibt es keine Kamera {}'],
  ['cameras listed under `cameras`', 'Kameras unter `cameras`'],
  ['one of: {}', 'eines von: {}'],
  ['{} has a zone for this bay already', '{} hat für diesen Platz schon eine Zone'],
  ['one zone a camera and bay', 'eine Zone je Kamera und Platz'],
  ['it says nowhere where the bay is', 'sie sagt nirgends, wo der Platz ist'],
  ['`polygon`, or `ground` with `side_m`', '`polygon`, oder `ground` mit `side_m`'],
  ['it gives the bay twice', 'sie nennt den Platz zweimal'],
  ['either `polygon` or `ground`', '`polygon` oder `ground`'],
  ['`side_m` is missing', '`side_m` fehlt'],
  [
    'the length of the side from the first to the second corner, metres',
    'die Länge der Seite von der ersten zur zweiten Ecke in Metern',
  ],
  ['{} has a zone by ground corners', '{} hat eine Zone nach Ecken am Boden'],
  ['`picture: [width, height]`, pixels', '`picture: [width, height]` in Pixeln'],
  ['`height_m`, the height of its lens above the bays', '`height_m`, die Höhe ihrer Linse über den Plätzen'],
  ['it hangs no higher than plates', 'sie hängt nicht höher als Kennzeichen'],
  ['more than {} m', 'mehr als {} m'],
  ['no rectangle on the ground looks like this', 'kein Rechteck am Boden sieht so aus'],
  ['its four corners, in order around the bay', 'seine vier Ecken, der Reihe nach um den Platz'],
  ['its edges cross each other', 'ihre Kanten kreuzen sich'],
  ['corners in order around {}', 'Ecken der Reihe nach um {}'],
  ['its corners lie on one line', 'ihre Ecken liegen auf einer Linie'],
  ['corners that enclose {}', 'Ecken, die umschließen: {}'],
  ['the bay', 'den Platz'],
  ['what is ignored', 'was nicht zählt'],
  [
    'no camera covers {}: no plate ever reaches quorum there, only cards identify, and only its cable shows it empty',
    'keine Kamera sieht {}: Dort wird kein Kennzeichen je einig, nur Karten erkennen, und nur das Kabel zeigt ihn leer',
  ],
  ['a zone', 'eine Zone'],
  [
    'the zones of {} are too small to see a plate, or the bay empty',
    'die Zonen von {} sind zu klein für ein Kennzeichen oder den leeren Platz',
  ],
  ['polygons around the whole bay', 'Vielecke um den ganzen Platz'],
  [
    'the zones of {} are narrower than the margin: a plate there is always too near to an edge',
    'die Zonen von {} sind schmaler als der Rand: Ein Kennzeichen ist dort immer zu nah an einer Kante',
  ],
  [
    'the corners of {} on {} are {}° from a right angle',
    'die Ecken von {} auf {} sind {}° vom rechten Winkel entfernt',
  ],
  ['four corners of a rectangle on the ground', 'vier Ecken eines Rechtecks am Boden'],
  [
    'corners and `side_m` of {} say that {} hangs {} m high, which its `height_m` does not',
    'nach Ecken und `side_m` von {} hängt {} {} m hoch, nach ihrem `height_m` nicht',
  ],
  ['corners, `side_m` and `height_m` measured once more', 'Ecken, `side_m` und `height_m` noch einmal gemessen'],
  [
    'a plate in {} is at most {} pixels wide on {}: it will often be misread',
    'ein Kennzeichen auf {1} ist auf {3} höchstens {2} Pixel breit: Es wird oft falsch gelesen',
  ],
  [
    '{} pixels or more: a longer lens, a nearer camera or more pixels',
    '{} Pixel oder mehr: längere Brennweite, nähere Kamera oder mehr Pixel',
  ],
  [
    'the corners of {} on {} make a bay of {}: no vehicle’s',
    'die Ecken von {} auf {} ergeben einen Platz von {}: Das hat kein Fahrzeug',
  ],
  ['{} m along the first side and {} m along the next', '{} m an der ersten und {} m an der nächsten Seite'],
  [
    'a bay {} to {} m wide and {} to {} m long: corners, `side_m` and `height_m` measured again',
    'ein Platz von {} bis {} m Breite und {} bis {} m Länge: Ecken, `side_m` und `height_m` neu gemessen',
  ],
  ['{} has {} zones: their overlaps were not looked at', '{} hat {} Zonen: Ihre Überlappungen wurden nicht geprüft'],
  ['at most {} zones a camera', 'höchstens {} Zonen je Kamera'],
  [
    'overlaps the zone of {} on {} by {} % of the smaller: plates read there go to review',
    'überlappt die Zone von {} auf {} um {} % der kleineren: Kennzeichen dort gehen an Menschen',
  ],
  ['zones that share a border at most', 'Zonen, die höchstens eine Grenze teilen'],
  ['The zone of {} on {} does not work: {}; expected {}.', 'Die Zone von {} auf {} geht nicht: {}; nötig: {}.'],
  ['The zone of {} does not work: {}; expected {}.', 'Die Zone von {} geht nicht: {}; nötig: {}.'],
  [
    'These are the zones that count already; there is nothing to publish.',
    'Das sind die Zonen, die schon gelten; es gibt nichts zu veröffentlichen.',
  ],
  ['Nothing is drawn anew; there is nothing to try.', 'Nichts ist neu gezeichnet; es gibt nichts zu erproben.'],
  [
    'The zones in {} are no longer those that berth uses: somebody changed the file. Restart berth, so that it takes them over, then draw.',
    'Die Zonen in {} sind nicht mehr die, die berth nutzt: Jemand hat die Datei geändert. Starten Sie berth neu, damit es sie übernimmt, dann zeichnen Sie.',
  ],
  [
    'The site file {} may not be written by berth: zones can be drawn and tried here, and must be put into it by hand.',
    'Die Standortdatei {} darf berth nicht schreiben: Zonen lassen sich hier zeichnen und erproben und müssen von Hand hineingesetzt werden.',
  ],
  ['The site file {} cannot be read: {}', 'Die Standortdatei {} ist nicht lesbar: {}'],
  ['The site file does not check: {}', 'Die Standortdatei stimmt nicht: {}'],
  ['With these zones the site file does not check: {}', 'Mit diesen Zonen stimmt die Standortdatei nicht: {}'],
  [
    'The bays of {} are written in a way that only a person should change; put the zones in by hand and restart berth.',
    'Die Plätze in {} sind so geschrieben, dass nur ein Mensch sie ändern sollte; setzen Sie die Zonen von Hand ein und starten Sie berth neu.',
  ],
  [
    'The site file {} cannot be written, so nothing was published: {}',
    'Die Standortdatei {} ist nicht zu schreiben, also wurde nichts veröffentlicht: {}',
  ],
  ['there is no such file or folder; check the path.', 'diese Datei gibt es nicht; prüfen Sie den Pfad.'],
  ['this is a folder; name a file.', 'das ist ein Ordner; nennen Sie eine Datei.'],
  ['this is no folder; name one.', 'das ist kein Ordner; nennen Sie einen.'],
  ['it may not be read; change its permissions.', 'sie darf nicht gelesen werden; ändern Sie ihre Rechte.'],
  [
    '{} drafts of yours wait for a second person already; let somebody agree to one, or take some back.',
    '{} Ihrer Entwürfe warten schon auf einen zweiten Menschen; lassen Sie jemanden einem zustimmen, oder nehmen Sie welche zurück.',
  ],
  ['Other zones count since this draft was given.', 'Seit dieser Entwurf gegeben wurde, gelten andere Zonen.'],
  [
    'Version {} of the zones is in force meanwhile, by {}; look at it, and draw over it.',
    'Inzwischen gilt Fassung {} der Zonen, von {}; sehen Sie sie an und zeichnen Sie darauf weiter.',
  ],
  ['The trial ended early: {}', 'Die Probe endete vorzeitig: {}'],
  [
    'Drivers and people do what was recorded: nobody here chooses otherwise because a start came, or did not.',
    'Fahrer und Menschen tun, was aufgezeichnet ist: Niemand entscheidet hier anders, weil ein Start kam oder nicht.',
  ],
  [
    'Looks, plugs and meter values reached the bays that they were recorded at; where bays share a cable that was decided before.',
    'Blicke, Stecker und Zählerwerte erreichten die Plätze, an denen sie aufgezeichnet sind; wo Plätze ein Kabel teilen, war das vorher entschieden.',
  ],
  [
    'While a bay charged, signs of presence were not written: a visit that would not have charged then may seem to end sooner.',
    'Während ein Platz lud, wurden Zeichen der Anwesenheit nicht aufgeschrieben: Ein Besuch, der dann nicht geladen hätte, scheint vielleicht früher zu enden.',
  ],
  [
    'Clocks, cameras, exchanged pairs and limits of starts a day are not judged again.',
    'Uhren, Kameras, vertauschte Paare und Grenzen der Starts je Tag werden nicht neu beurteilt.',
  ],
  [
    'Reads that lay in no zone were never kept, and nothing was recognised outside of the zones that there were: other zones show only what the recorded ones let in.',
    'Lesungen außerhalb aller Zonen wurden nie bewahrt, und außerhalb der damaligen Zonen wurde nichts erkannt: Andere Zonen zeigen nur, was die aufgezeichneten hereinließen.',
  ],
  [
    'Whether a zone looks empty was judged by its own pixels: presence is as it was recorded.',
    'Ob eine Zone leer aussieht, wurde an ihren eigenen Bildpunkten beurteilt: Anwesenheit ist, wie sie aufgezeichnet wurde.',
  ],
  [
    'News of plates: {} placed by the boxes of their reads, {} of them at another bay, {} in no zone; {} without a box (sealed, erased, or never sent) stay where they were.',
    'Meldungen von Kennzeichen: {} nach den Rahmen ihrer Lesungen eingeordnet, davon {} an einem anderen Platz, {} in keiner Zone; {} ohne Rahmen (versiegelt, vergessen oder nie gesendet) bleiben, wo sie waren.',
  ],
  ['The journal has no record of {}.', 'Das Journal hat keinen Eintrag von {}.'],
]

const CHAIN: readonly Pair[] = [
  ['record {} is missing or out of place: seq {} stands there', 'Eintrag {} fehlt oder steht falsch: Dort steht {}'],
  [
    'record {}: its content was altered (contentHash says {}, the content gives {})',
    'Eintrag {}: Sein Inhalt wurde verändert (contentHash sagt {}, der Inhalt ergibt {})',
  ],
  [
    'record {}: its personal fields were altered (personalHash says {}, the sealed bytes give {})',
    'Eintrag {}: Seine persönlichen Felder wurden verändert (personalHash sagt {}, die Bytes ergeben {})',
  ],
  [
    'record {}: its prev is {}, but the first record needs {}',
    'Eintrag {}: Sein prev ist {}, der erste Eintrag braucht aber {}',
  ],
  [
    'record {}: its prev is {}, but record {} has the hash {}',
    'Eintrag {}: Sein prev ist {}, Eintrag {} hat aber den Hash {}',
  ],
  ['record {}: its hash is {}, but its parts give {}', 'Eintrag {}: Sein Hash ist {}, seine Teile ergeben aber {}'],
]

/** All of them. */
export const FINDING_SENTENCES: readonly Pair[] = [...VEHICLES, ...ZONES, ...CHAIN]

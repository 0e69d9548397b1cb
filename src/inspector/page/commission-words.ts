/** Words of the screen on which a bay is shown to work. */
import { words } from './language.ts'

/** The texts of the screen of commissioning. */
export const COMMISSION_WORDS = words({
  en: {
    title: 'Commissioning',
    bay: 'Bay',
    begin: 'Begin',
    began: (seq: number) => `Begun at record ${seq}. What the journal sees from here on counts.`,
    steps: {
      plate: 'Plate: drive in, or hold a test plate up in the bay, until it is read.',
      plug: 'Plug: plug in at the bay’s own connector.',
      start: 'Start: start a charge, by the plate, a card or an order.',
      stop: 'Stop: stop it.',
      night: 'Night: look at a picture of the bay taken in the dark.',
    },
    waits: 'not shown yet',
    shown: (by: string, seq: number) => `shown${by === '' ? '' : ` by ${by}`}, record ${seq}`,
    reads: (count: number) => `, ${count} reads agree`,
    others: (bays: string) => `${bays} saw it as well: mend the zone, and begin again.`,
    cable: (bays: string) =>
      `A cable went in at ${bays}, where nobody stood: if that was yours, mend the cabling; if not, plug in here.`,
    skip: 'Skip, because',
    looked: 'I looked at it, and the plate can be read',
    close: 'Sign and close',
    done: (seq: number) => `Signed: record ${seq}.`,
  },
  de: {
    title: 'Inbetriebnahme',
    bay: 'Platz',
    begin: 'Beginnen',
    began: (seq) => `Begonnen bei Eintrag ${seq}. Was das Journal von hier an sieht, zählt.`,
    steps: {
      plate: 'Kennzeichen: einfahren oder ein Testkennzeichen in den Platz halten, bis es gelesen ist.',
      plug: 'Stecker: am eigenen Anschluss des Platzes einstecken.',
      start: 'Start: eine Ladung starten, mit Kennzeichen, Karte oder Befehl.',
      stop: 'Stopp: sie beenden.',
      night: 'Nacht: ein Bild des Platzes ansehen, das im Dunkeln aufgenommen ist.',
    },
    waits: 'noch nicht gezeigt',
    shown: (by, seq) => `gezeigt${by === '' ? '' : ` von ${by}`}, Eintrag ${seq}`,
    reads: (count) => `, ${count} Lesungen stimmen überein`,
    others: (bays) => `Auch ${bays} hat es gesehen: Zone richten und neu beginnen.`,
    cable: (bays) =>
      `An ${bays}, wo niemand stand, wurde ein Kabel eingesteckt: war es Ihres, die Verkabelung richten; sonst hier einstecken.`,
    skip: 'Auslassen, weil',
    looked: 'Ich habe es angesehen, das Kennzeichen ist lesbar',
    close: 'Unterschreiben und abschließen',
    done: (seq) => `Unterschrieben: Eintrag ${seq}.`,
  },
})

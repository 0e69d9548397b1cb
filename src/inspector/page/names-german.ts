/**
 * German for names that the server sends as they stand in the journal. One word for one thing, here and in every catalogue of the page:
 * Platz (bay), Ladepunkt (charge point), Anschluss (connector), Kennzeichen (plate), Lesung (read), Rückfrage (review), Ladevorgang
 * (session), Besuch (visit), Eintrag (record), Protokoll (audit), Bericht (report), Zahlen (figures), Wiedergabe (replay), Fall
 * (scenario), Anweisung (order), Freigabe (authorization), Sperre (lock), Ausweich (fallback: card or code), Zustand (state), Beleg (evidence).
 * Names of OCPP, of OCPI and of settings of the site file stay as they are written there.
 */
import type { Rank } from '../../../machines/events.ts'
import type { BlockedWhy } from '../../../machines/knowledge.ts'
import type { DecisionType, NoteType } from '../../../machines/record-types.ts'
import type { SessionRow } from '../../../projections/bay-view.ts'

/** What was decided. */
const DECISIONS: { readonly [type in DecisionType]: string } = {
  VisitOpened: 'Besuch begonnen',
  VisitEnded: 'Besuch beendet',
  VisitAuthorized: 'Besuch freigegeben',
  VisitRefused: 'Besuch abgelehnt',
  PlateAgreed: 'Kennzeichen einig',
  PlateContested: 'Kennzeichen umstritten',
  IdentityUpgraded: 'besser erkannt',
  FallbackOffered: 'Karte oder Code angeboten',
  StartRequested: 'Start verlangt',
  StartFailed: 'Start misslungen',
  TransactionOpened: 'Transaktion offen',
  TransactionEnded: 'Transaktion beendet',
  TransactionRevived: 'Transaktion lebt auf',
  TransactionOrphaned: 'Transaktion zurückgelassen',
  TransactionCorrected: 'Transaktion berichtigt',
  OrphanReconciled: 'Zurückgelassenes geklärt',
  SessionBilled: 'Ladevorgang abgerechnet',
  SessionCorrected: 'Abrechnung berichtigt',
  SessionDisputed: 'Ladevorgang bestritten',
  SessionSettled: 'Streit beigelegt',
  BayLocked: 'Platz gesperrt',
  BayUnlocked: 'Sperre gelöst',
  BayBlocked: 'Platz blockiert',
  BayFreed: 'Platz nicht mehr blockiert',
  BayClosed: 'Platz außer Betrieb',
  BayOpened: 'Platz in Betrieb',
  DrawPaused: 'Strom pausiert',
  DrawResumed: 'Strom fließt wieder',
  ContradictionNoticed: 'Widerspruch bemerkt',
  ContradictionResolved: 'Widerspruch gelöst',
  ClaimGranted: 'Anspruch gilt',
  ClaimReleased: 'Anspruch aufgegeben',
  ClaimLost: 'Anspruch verloren',
  ClaimContested: 'Anspruch umstritten',
  PairLooksExchanged: 'zwei Plätze scheinen vertauscht',
  PairCleared: 'Plätze nicht vertauscht',
  ErasureQueued: 'Vergessen vorgemerkt',
  ErasureDue: 'Vergessen fällig',
  ErasureHeld: 'Vergessen aufgeschoben',
  ErasureHonoured: 'vergessen',
  SubjectErased: 'Person vergessen',
  HoldPlaced: 'Aufbewahrung angeordnet',
  HoldLifted: 'Aufbewahrung aufgehoben',
  ObjectionEntered: 'Widerspruch eingelegt',
  ObjectionWithdrawn: 'Widerspruch zurückgezogen',
  PlatesExpired: 'Kennzeichen verfallen',
  KeyPeriodBegun: 'Schlüsselzeitraum begonnen',
  KeyPeriodDestroyed: 'Schlüsselzeitraum vernichtet',
  ReaderChecked: 'Leser geprüft',
  ZonesPublished: 'Zonen veröffentlicht',
  NewsParked: 'Meldungen angehalten',
  NewsResumed: 'Meldungen gehen weiter',
  ViewConfirmed: 'Bild bestätigt',
  VehicleBlocked: 'Fahrzeug gesperrt',
  PolicyOrdered: 'Regeln vorgegeben',
  AutomaticStartsOn: 'automatische Starts an',
  AutomaticStartsOff: 'automatische Starts aus',
  CheckpointContradicted: 'Prüfpunkt widerspricht',
}

/** What records of the site itself say that they heard, beside what a bay is told. */
const NOTES: { readonly [type in NoteType]: string } = {
  'account.changed': 'Konto geändert',
  'alias.refusal.held': 'Token bleibt abgelehnt',
  'alias.refused': 'Token abgelehnt',
  'authorizer.adopted': 'Freigabestelle übernommen',
  'bay.commissioned': 'Platz in Betrieb genommen',
  'bays.gone': 'Plätze entfallen',
  'berth.gap': 'berth war nicht da',
  'blind-review.closed': 'Gegenprobe beantwortet',
  'blind-review.opened': 'Gegenprobe gestellt',
  'bundle.made': 'Fehlerbericht erstellt',
  'camera.impaired': 'Kamera gestört',
  'camera.mended': 'Kamera wieder gut',
  'centre.answered': 'Antwort an die Zentrale',
  'charger.booted': 'Ladepunkt gestartet',
  'checkpoints.received': 'Prüfpunkte bestätigt',
  'claim.asked': 'Anspruch erfragt',
  'claim.released': 'Anspruch aufgegeben',
  'claim.repeated': 'Anspruch wiederholt',
  'clock.forgotten': 'Uhr vergessen',
  'clock.learnt': 'Uhr gelernt',
  'driver.began': 'Fahrer begann',
  'driver.ended': 'Fahrer beendete',
  'driver.secret-removed': 'PIN entfernt',
  'driver.secret-set': 'PIN gesetzt',
  'erasure.done': 'Vergessen ausgeführt',
  'erasure.held': 'Vergessen aufgeschoben',
  'erasure.repeated': 'Vergessen wiederholt',
  'hold.lifted': 'Aufbewahrung aufgehoben',
  'hold.placed': 'Aufbewahrung angeordnet',
  'keys.period-ended': 'Schlüsselzeitraum beendet',
  'keys.rotated': 'Schlüssel gewechselt',
  'machines.adopted': 'Maschinen übernommen',
  'mask.proposed': 'Maske vorgeschlagen',
  'mask.settled': 'Maske entschieden',
  'message.given-up': 'Nachricht aufgegeben',
  'news.parked': 'Meldungen angehalten',
  'news.resumed': 'Meldungen gehen weiter',
  'order.asked': 'Anweisung wartet auf Zweiten',
  'order.withdrawn': 'Anweisung zurückgezogen',
  'objection.entered': 'Widerspruch eingelegt',
  'objection.withdrawn': 'Widerspruch zurückgezogen',
  'pair.cleared': 'Plätze nicht vertauscht',
  'pair.noticed': 'Plätze scheinen vertauscht',
  'payment.asked': 'Zahlung begonnen',
  'payment.held': 'Betrag vorgemerkt',
  'payment.refused': 'Zahlung abgelehnt',
  'payment.unused': 'Vormerkung nicht gebraucht',
  'personal.seen': 'Persönliches angesehen',
  'placing.closed': 'Platz zugeordnet',
  'placing.opened': 'Platz gesucht',
  'plate-doubt.told': 'Kennzeichen auch woanders',
  'plates.expired': 'Kennzeichen verfallen',
  'push.ceased': 'fremde Sendungen vorbei',
  'push.quarantined': 'fremde Sendungen abgewiesen',
  'reader.adopted': 'Leser übernommen',
  'reads.enough': 'Kamera liest wieder genug',
  'reads.few': 'Kamera liest zu wenig',
  'reads.forgotten': 'Lesungen vergessen',
  'policy.ordered': 'Regeln der Zentrale',
  'register.adopted': 'Register übernommen',
  'review.crop-kept': 'Ausschnitt aufbewahrt',
  'review.crop-seen': 'Ausschnitt angesehen',
  'review.crops-destroyed': 'Ausschnitte vernichtet',
  'session.disowned': 'Ladevorgang zurückgewiesen',
  'session.disputed': 'Ladevorgang bestritten',
  'session.settled': 'Streit beigelegt',
  'session.stopped': 'Ladevorgang gestoppt',
  'staff.expired': 'Namen von Mitarbeitern verfallen',
  'start.unbilled': 'Start ohne Rechnung',
  'store.taken-over': 'Speicher übernommen',
  'switch.ordered': 'Schalter angewiesen',
  'tariff.adopted': 'Tarif übernommen',
  'token.registered': 'Karte eingetragen',
  'token.removed': 'Karte entfernt',
  'trait.proposed': 'Eigenart vorgeschlagen',
  'trait.settled': 'Eigenart entschieden',
  'transaction.announced': 'Transaktion angekündigt',
  'transaction.billed': 'Transaktion abgerechnet',
  'transaction.fresh': 'Transaktion neu',
  'transaction.repeated': 'Transaktion wiederholt',
  'vehicle.registered': 'Fahrzeug eingetragen',
  'vehicle.removed': 'Fahrzeug entfernt',
  'zone.learnt': 'leeren Platz gelernt',
  'zones.ordered': 'Zonen angewiesen',
}

/** What a charge point says of a connector, and berth's own word where it has said nothing. */
const STATUSES = {
  Available: 'frei',
  Preparing: 'bereitet vor',
  Charging: 'lädt',
  SuspendedEV: 'pausiert (Fahrzeug)',
  SuspendedEVSE: 'pausiert (Ladepunkt)',
  Finishing: 'fertig, noch gesteckt',
  Reserved: 'reserviert',
  Unavailable: 'nicht verfügbar',
  Occupied: 'belegt',
  Faulted: 'gestört',
  Unknown: 'nicht bekannt',
}

type Ranks = { readonly [rank in Rank]: string }
/** By what somebody was recognised. */
const RANKS = {
  guess: 'Vermutung',
  plate: 'Kennzeichen',
  autocharge: 'Autocharge',
  operator: 'Bediener',
  card: 'Karte',
  'plug-and-charge': 'Plug and Charge',
} satisfies Ranks

/** Who says something that is no camera and no charge point by its name. */
const SOURCES = {
  register: 'Register',
  operator: 'Bediener',
  reviewer: 'Prüfer',
  site: 'Standort',
  charger: 'Ladepunkt',
  camera: 'Kamera',
  operators: 'Bedienung',
}

const BLOCKED = {
  'not-charging': 'lädt nicht',
  'not-plugged-in': 'nicht angesteckt',
  refused: 'darf hier nicht laden',
  overstayed: 'steht nach dem Laden noch da',
} satisfies { readonly [why in BlockedWhy]: string }

const EXITS = {
  'exit-seen': 'Abfahrt gesehen',
  'exit-inferred': 'Abfahrt erschlossen',
  'exit-unconfirmed': 'Abfahrt unbestätigt',
} satisfies { readonly [exit in NonNullable<SessionRow['exit']>]: string }

/** What reading a plate came to. */
const OUTCOMES = {
  read: 'gelesen',
  unsure: 'unsicher',
  unreadable: 'nicht lesbar',
  'no-plate': 'kein Kennzeichen',
  'not-a-plate': 'kein Kennzeichen',
  failed: 'misslungen',
  none: 'nichts',
}

/** How a camera's messages come. */
const KINDS = {
  push: 'Senden der Kamera',
  snapshot: 'Einzelbilder',
  mjpeg: 'MJPEG',
  rtsp: 'RTSP',
  alertstream: 'Alertstream',
  eventmanager: 'Eventmanager',
  mqtt: 'MQTT',
}

/** All of them, by kind. */
export const NAMES = {
  decisions: DECISIONS,
  notes: NOTES,
  statuses: STATUSES,
  ranks: RANKS,
  sources: SOURCES,
  blocked: BLOCKED,
  exits: EXITS,
  outcomes: OUTCOMES,
  kinds: KINDS,
}

/** What can be named. */
export type NameKind = keyof typeof NAMES

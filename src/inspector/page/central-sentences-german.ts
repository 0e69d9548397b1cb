/** German for what is said of orders and looks of people at a centre, there and at the site. */
import type { Pair } from './sentences-german.ts'

/** All of them. */
export const CENTRAL_SENTENCES: readonly Pair[] = [
  [
    'This site does not let its centre order `{}`; its operator says so in `centre.orders` of the site file.',
    'Dieser Standort lässt seine Zentrale das nicht anweisen (`{}`); sein Betreiber sagt es unter `centre.orders` der Standortdatei.',
  ],
  ['This gateway cannot read the order: {}.', 'Dieses Gateway kann die Anweisung nicht lesen: {}.'],
  [
    'The bay changed meanwhile; look at it again and decide again.',
    'Der Platz hat sich inzwischen geändert; sehen Sie noch einmal hin und entscheiden Sie neu.',
  ],
  [
    '{} is at this review at the site; take another, or wait.',
    '{} ist am Standort gerade bei dieser Rückfrage; nehmen Sie eine andere, oder warten Sie.',
  ],
  ['This site has no bay {}.', 'Dieser Standort hat keinen Platz {}.'],
  ['This review is closed at the site, or never was.', 'Diese Rückfrage ist am Standort geschlossen oder war nie da.'],
  [
    'This review is closed at the site, or is for people at the site alone.',
    'Diese Rückfrage ist am Standort geschlossen oder nur für Leute am Standort.',
  ],
  ['Only people at the site can answer this review.', 'Diese Rückfrage können nur Leute am Standort beantworten.'],
  [
    '{} is no candidate of this review that the site still knows.',
    '{} ist kein Kandidat dieser Rückfrage, den der Standort noch kennt.',
  ],
  ['Nobody at the site agreed to it in time.', 'Am Standort hat niemand rechtzeitig zugestimmt.'],
  [
    'The bay changed before somebody at the site agreed to it.',
    'Der Platz änderte sich, bevor jemand am Standort zustimmte.',
  ],
  [
    'Somebody else would have paid by the time that it was agreed to.',
    'Als zugestimmt wurde, hätte jemand anderes gezahlt.',
  ],
  ['{} took it back at the site.', '{} hat sie am Standort zurückgenommen.'],
  [
    'An order may live {} minutes at most; give it anew.',
    'Eine Anweisung gilt höchstens {} Minuten; geben Sie sie neu.',
  ],
  [
    'The clocks of this gateway and of the centre are {} s apart, or it was on its way so long: nobody knows whether the order still holds. Set the clocks and give it anew.',
    'Die Uhren dieses Gateways und der Zentrale gehen {} s auseinander, oder sie war so lange unterwegs: Niemand weiß, ob die Anweisung noch gilt. Stellen Sie die Uhren und geben Sie sie neu.',
  ],
  ['It came too late: it was to be carried out before {}Z.', 'Sie kam zu spät: Sie sollte vor {}Z ausgeführt werden.'],
  [
    'Its gateway was away, or takes no orders yet, until its time was over: it was never sent.',
    'Das Gateway war nicht verbunden oder nimmt noch keine Anweisungen, bis die Zeit um war: Sie wurde nie gesendet.',
  ],
  [
    'The site was removed here before its gateway said what became of it; where it was sent, the site’s own records tell.',
    'Der Standort wurde hier entfernt, bevor sein Gateway sagte, was daraus wurde; wurde sie gesendet, erzählen es die Einträge des Standorts.',
  ],
  [
    'This gateway is busy with what it was asked already; ask again in a moment.',
    'Dieses Gateway ist mit anderen Bitten beschäftigt; fragen Sie gleich noch einmal.',
  ],
  ['This is no question for the crops of a review.', 'Das ist keine Bitte um die Ausschnitte einer Rückfrage.'],
  [
    'The gateway of this site does not answer now, and pictures are nowhere else; try again once it is linked.',
    'Das Gateway dieses Standorts antwortet gerade nicht, und Bilder gibt es nirgends sonst; versuchen Sie es erneut, wenn es verbunden ist.',
  ],
  [
    'This site shows no pictures at its centre; its operator may allow it by `centre.crops` in the site file.',
    'Dieser Standort zeigt an seiner Zentrale keine Bilder; sein Betreiber kann es mit `centre.crops` in der Standortdatei erlauben.',
  ],
  [
    'The gateway of this site sent what is no picture of a review.',
    'Das Gateway dieses Standorts sandte, was kein Bild einer Rückfrage ist.',
  ],
  ['No such review is open at a site of yours.', 'Eine solche Rückfrage ist an keinem Ihrer Standorte offen.'],
  ['No such site ships here.', 'Ein solcher Standort sendet nicht hierher.'],
  ['No site {} ships here.', 'Ein Standort {} sendet nicht hierher.'],
  ['There is no site to show as {}.', 'Es gibt keinen Standort, der als {} zu zeigen wäre.'],
  [
    'This id was used for an order to another site; send a new id.',
    'Diese Kennung gehört schon zu einer Anweisung an einen anderen Standort; senden Sie eine neue.',
  ],
  ['Nobody gave such an order here.', 'Eine solche Anweisung hat hier niemand gegeben.'],
  [
    '{} is opened from its records; this takes a moment for a long log.',
    '{} wird aus seinen Einträgen geöffnet; bei einem langen Journal dauert das einen Moment.',
  ],
  ['{} is opened anew.', '{} wird neu geöffnet.'],
  [
    'Sign in at the board of sites and open this one from there.',
    'Melden Sie sich an der Tafel der Standorte an, und öffnen Sie diesen von dort.',
  ],
]

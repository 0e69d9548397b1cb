import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { WAY_NAMES } from '../../../simulations/design/visitor-ways.ts'
import { amount, digits } from './html-text.ts'

/** What charge points and drivers were taken to be like: a sentence each. */
export function siteWords({ chargers, personalities }: DesignScenario): string[] {
  const kinds = chargers.others.map(
    ({ bays, power_kW = chargers.power_kW, phases = chargers.phases, profile = chargers.profile }) =>
      `${bays.length === 1 ? 'bay' : 'bays'} ${bays.join(', ')} ${digits(power_kW)} kW on ${phases === 1 ? 'one phase' : 'three phases'}${profile === chargers.profile ? '' : `, messages ${profile === 'plain' ? 'by the book' : `as \`${profile}\``}`}`,
  )
  const ways = WAY_NAMES.filter((name) => personalities[name] > 0)
  return [
    `Each bay has one charge point; meter values are told when current begins and ends. Messages come ${chargers.profile === 'plain' ? 'by the book' : `as \`${chargers.profile}\``}${kinds.length === 0 ? '' : `, but ${kinds.join('; ')}`}.`,
    ways.length === 0
      ? 'Drivers are usual ones: each plugs into the charge point of its own bay and takes the cable out before it leaves.'
      : `Drivers and vehicles of their own ways: ${ways.map((name) => `${name} ${amount(personalities[name], 'share')}`).join(', ')}.`,
  ]
}

/** Whose vehicles come, and that they are drawn once: what intervals do not hold. */
export const registerWords = ({ drivers }: DesignScenario): string =>
  `${amount(drivers.registered, 'share')} of the visits are by one of ${digits(drivers.register)} registered vehicles. A site has one register, so every replication meets the same one, plate by plate: intervals say what other visits to it would bring, not what other vehicles would (another seed draws others).`

const OFFLINE = {
  fallback: 'those pay otherwise',
  deny: 'nobody of those is started',
  'allow-known': 'whom it accepted before may charge all the same',
} as const

/** Who knows who pays: berth's register, or the operator's back end too. */
export function backEndWords({ backEnd }: DesignScenario): string {
  const { accounts, answer_s, deadline_s, offline } = backEnd
  if (accounts === 0) return 'berth’s own register knows every account: nobody else is asked who pays.'
  return `The operator’s back end alone knows ${amount(accounts, 'share')} of the accounts: it answers in ${digits(answer_s)} s as a rule and is waited for ${digits(deadline_s)} s; while it does not answer ${OFFLINE[offline]}. Codes are berth’s own, and nobody is asked about them.`
}

/** How often: `once`, `2.5 times`. */
const times = (count: number): string => (count === 1 ? 'once' : `${digits(count)} times`)

/** What was taken to fail, for the assumptions of a report: a sentence, none where nothing does. */
export function faultWords({ faults }: DesignScenario): string[] {
  const parts = [
    ...(faults.chargePointBetweenFailures_days === null
      ? []
      : [
          `a charge point fails every ${digits(faults.chargePointBetweenFailures_days)} days and is repaired after ${digits(faults.chargePointRepair_h)} h`,
        ]),
    ...(faults.chargePointOffline_perBayDay > 0
      ? [
          `its link is lost ${times(faults.chargePointOffline_perBayDay)} a day for ${digits(faults.chargePointOffline_min)} min`,
        ]
      : []),
    ...(faults.powerCut_perYear > 0
      ? [
          `the site is without power ${times(faults.powerCut_perYear)} a year for ${digits(faults.powerCut_min)} min, while berth itself runs on`,
        ]
      : []),
    ...(faults.backEndAway_perDay > 0
      ? [
          `the back end does not answer ${times(faults.backEndAway_perDay)} a day for ${digits(faults.backEndAway_min)} min`,
        ]
      : []),
    ...(faults.cameraAway_perDay > 0
      ? [`a camera is away ${times(faults.cameraAway_perDay)} a day for ${digits(faults.cameraAway_min)} min`]
      : []),
    ...(faults.falseEmpty_perBayDay > 0
      ? [
          `an occupied bay is taken for empty ${times(faults.falseEmpty_perBayDay)} a day for ${digits(faults.falseEmpty_s)} s`,
        ]
      : []),
  ]
  if (parts.length === 0) return ['Nothing fails.']
  return [
    `On average ${parts.join('; ')}. Nobody who wants to charge drives up to a charge point that is dark, and a charge that was cut off goes on only where berth starts it anew.`,
  ]
}

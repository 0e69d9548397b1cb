import { cameraTable } from '../../../simulations/design/camera-table.ts'
import type { DesignScenario } from '../../../simulations/design/design-scenario.ts'
import { digits } from './html-text.ts'

/** Of what is read by day this much at night is as much: the last hundredth nobody can see in a run. */
const AS_WELL = 0.99

/** Why reads at night are as many as by day, or fewer: a sentence for the assumptions, so that nobody takes the one for a mistake. */
export function lightWords(scenario: DesignScenario): string[] {
  const { weather, cameras } = scenario
  if (cameras.length === 0) return []
  const sights = cameraTable(scenario)
  const asWell = sights.filter(({ day, night }) => night >= AS_WELL * day).length
  const hours = `${digits(weather.night * 24)} h of a day`
  const glare = cameras.every(({ wdr }) => wdr) ? '' : ' Who backs in dazzles a camera without WDR then.'
  const curve = 'the read curve is of pictures by day and at night together, noise of the dark included'
  const lit =
    'Infrared is as good as daylight where it sends back as much as the shutter needs, which reflective plates do from far beyond the range that a lamp is sold with'
  if (asWell === sights.length)
    return [
      `It is dark for ${hours}. ${lit}; that holds for every bay here, so light alone makes no difference between day and night, and ${curve}. Differences come by who drives in then, and by chance.${glare}`,
    ]
  const worse = sights.length - asWell
  const bays = worse === sights.length ? 'every bay' : `${worse} of ${sights.length} bays`
  return [
    `It is dark for ${hours}. Nothing is read then without infrared, and less where it is too weak for the shutter: ${bays} ${worse === 1 || worse === sights.length ? 'is' : 'are'} read worse at night than by day (the plan’s table says how much); ${curve}.${glare}`,
  ]
}

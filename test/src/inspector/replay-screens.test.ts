import { SCENARIOS } from '../../../simulations/scenario-list.ts'
import { E10 } from '../../../simulations/scenarios/e10-silent-swap.ts'
import { inspectStory } from '../../../src/commands/recorded-story.ts'
import { ScenarioShelf } from '../../../src/commands/scenario-shelf.ts'
import { busySite } from './busy-site.ts'
import { checkScreen } from './screen-check.ts'

const simulated = async () => {
  const { name, edgeCase, title, given, when, wanted, stories } = E10
  const [{ promise } = { promise: '' }] = stories
  return {
    site: await busySite(),
    readOnly: 'recorded',
    scenarios: new ScenarioShelf(SCENARIOS, 0),
    simulation: { name, edgeCase, title, given, when, wanted, story: 1, promise },
  }
}
checkScreen('scenarios', { at: '/#/scenarios', until: '.scenarios .card', over: simulated, shots: ['wall', 'phone'] })
checkScreen('simulation', {
  at: '/#/bays/bay-1',
  until: '.chart .active',
  over: simulated,
  further: (page) => page.locator('.replay-case summary').click(),
  context: { locale: 'de' },
})
const recorded = () => {
  const [story] = E10.stories
  if (!story) throw new Error('E10 has no story')
  return inspectStory({ scenario: E10, story, seed: 0 }, 0, new ScenarioShelf(SCENARIOS, 0))
}
checkScreen('recording', {
  at: '/#/bays/bay-1?at=seq:16',
  until: '.chart .active',
  served: recorded,
  further: async (page) => {
    for (const name of ['Lanes', 'What changed']) await page.getByText(name, { exact: true }).click()
    await page.waitForSelector('.replay-bar table')
  },
  shots: ['wall', 'phone'],
})
checkScreen('replay', {
  at: '/#/bays/bay-1?at=seq:1',
  until: '.chart .active',
  further: async (page) => {
    for (const fold of await page.locator('.replay-bar summary').all()) await fold.click()
  },
  shots: ['wall', 'phone'],
})
checkScreen('replay-of-the-board', {
  at: '/#/replay',
  until: '.replay-link[href]',
  shots: ['wall'],
  context: { locale: 'de' },
})

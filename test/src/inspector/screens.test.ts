import { aCamera, aFault } from '../server/array-cameras.ts'
import { busySite } from './busy-site.ts'
import { checkScreen } from './screen-check.ts'
import { wideSite } from './wide-site.ts'

const cameras = async () => {
  const blocked = aFault('blocked', new Date(Date.now() - 75 * 60_000).toISOString())
  const blind = aCamera('cam-2', { bays: ['bay-6'], status: 'lost', blind: blocked, faults: [blocked] })
  const all = [aCamera('cam-1', { bays: ['bay-1', 'bay-2'] }), blind]
  return { site: await busySite(), sights: { all: () => all, confirmView: async () => null } }
}

checkScreen('board', { at: '/', until: '[data-bay=bay-1]', over: wideSite, shots: ['wall', 'phone'] })
checkScreen('board-of-few', { at: '/', until: '[data-bay=bay-1]' })
checkScreen('board-in-german', { at: '/', until: '[data-bay=bay-1]', context: { locale: 'de' } })
checkScreen('board-keys', { at: '/', until: '[data-bay=bay-1]', further: (page) => page.keyboard.press('?') })
checkScreen('bay', { at: '/#/bays/bay-1', until: '.chart .active', shots: ['wall', 'phone'] })
checkScreen('bay-in-german', { at: '/#/bays/bay-2', until: '.chart .active', context: { locale: 'de-AT' } })
checkScreen('bay-order', {
  at: '/#/bays/bay-1',
  until: '[data-command=correct-plate]:enabled',
  further: (page) => page.click('[data-command=correct-plate]'),
})
checkScreen('bay-absent', { at: '/#/bays/nowhere', until: '#main .card' })
checkScreen('reviews', { at: '/#/reviews', until: '.review' })
checkScreen('cameras', { at: '/#/cameras', until: '[data-camera=cam-2]', over: cameras })
checkScreen('login', { at: '/login', until: '#token', live: false })

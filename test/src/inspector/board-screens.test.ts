import { FORCED, ZOOMED } from './opened-page.ts'
import { checkScreen } from './screen-check.ts'
import { wideSite } from './wide-site.ts'

checkScreen('board', { at: '/', until: '[data-bay=bay-1]', over: wideSite, shots: ['wall', 'phone'] })
checkScreen('board-of-few', { at: '/', until: '[data-bay=bay-1]' })
checkScreen('board-in-german', { at: '/', until: '[data-bay=bay-1]', context: { locale: 'de' } })
checkScreen('board-menu', {
  at: '/',
  until: '[data-bay=bay-1]',
  sizes: ['phone'],
  further: (page) => page.tap('#menu'),
})
checkScreen('board-keys', { at: '/', until: '[data-bay=bay-1]', further: (page) => page.keyboard.press('?') })
checkScreen('board-at-200-percent', {
  at: '/',
  until: '[data-bay=bay-1]',
  over: wideSite,
  sizes: ['wall'],
  context: ZOOMED,
})
checkScreen('board-in-forced-colours', { at: '/', until: '[data-bay=bay-1]', sizes: ['wall'], context: FORCED })

import { launchChromium } from '../src/inspector/chromium.ts'
import { growth, soakTab } from '../src/inspector/soaked-tab.ts'

/** `npm run soak [minutes]`: ten minutes of a board at 200 changes a second; ends with 1 where the tab holds more at the end than at the beginning. */
const minutes = Number(process.argv[2] ?? 10)
const browser = await launchChromium()
try {
  const soaked = await soakTab(browser, minutes * 60, Math.max(3, minutes), ({ heap, nodes, listeners }) =>
    process.stdout.write(`heap ${(heap / 1e6).toFixed(2)} MB, ${nodes} nodes, ${listeners} listeners\n`),
  )
  const grown = growth(soaked)
  process.stdout.write(
    `${soaked.changes} changes in ${minutes} min: ${grown.length === 0 ? 'flat' : grown.join(', ')}\n`,
  )
  process.exitCode = grown.length === 0 ? 0 : 1
} finally {
  await browser.close()
}

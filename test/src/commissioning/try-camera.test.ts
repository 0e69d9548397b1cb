import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { normalize } from '../../../machines/plate.ts'
import { openTriedSite } from '../../../src/commands/try-camera.ts'
import { REGULARS } from '../../../src/demo/cast.ts'
import { parkedPose } from '../../../src/demo/scene.ts'
import { developPicture, renderPixels } from '../../../src/demo/scene-picture.ts'
import { vehicleLength } from '../../../src/demo/vehicle-body.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { there } from '../inspector/opened-page.ts'
import { until } from '../serve/serving-line.ts'

test.skipIf(!there)(
  'a plate before the computer’s own camera locks the bay of berth try, by pixels through browser, intake and reader',
  async () => {
    const [visitor] = REGULARS
    if (visitor === undefined) throw new Error('nobody comes')
    const { look } = visitor
    const vehicles = [{ look, pose: parkedPose(1, vehicleLength(look)) }]
    const pixels = await renderPixels({ light: 'day', bayNumbers: ['1', '2', '3'], vehicles })
    const frames = [1, 2, 3, 4].map((seed) => developPicture(pixels, { seed, noise: 4, blur_px: 0.6 }))
    const film = join(scratchFolder(), 'plate.mjpeg')
    writeFileSync(film, Buffer.concat(await Promise.all(frames)))
    const site = await openTriedSite(0)
    onTestFinished(() => site.close())
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ],
    })
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.goto(site.address)
    const bay = () => site.serving.desk.bay('bay-1')
    await until(
      () => bay()?.state === 'charging-locked',
      90_000,
      () => JSON.stringify(bay()),
    )
    const handle = bay()?.visit?.plate ?? ''
    expect(normalize(site.serving.desk.plateOf(handle) ?? '')).toBe(normalize(look.plate.text))
    await page.waitForFunction(() => document.querySelector('.try-bay')?.textContent?.includes('charging-locked'))
  },
  150_000,
)

import { describe, expect, test } from 'vitest'
import { live, openPage, there, WALL } from '../inspector/opened-page.ts'
import { startServer } from '../server/running-server.ts'
import { drawingOver } from './array-drawing.ts'

describe.skipIf(!there)('the picture under the zones', { timeout: 120_000 }, () => {
  test('is never another camera’s: one that is still being unpacked when somebody goes on to the next camera is left', async () => {
    const { server } = await startServer(await drawingOver())
    const { page } = await openPage(`${server.url}/#/zones`, WALL, async (fresh) => {
      // The second camera gives nothing, and unpacking takes as long as on a slow phone.
      await fresh.route('**/cameras/cam-2/picture**', (route) => route.abort())
      await fresh.addInitScript(() => {
        const unpack = globalThis.createImageBitmap as (blob: Blob) => Promise<ImageBitmap>
        const slow = async (blob: Blob): Promise<ImageBitmap> => {
          document.documentElement.dataset['unpacks'] = 'yes'
          await new Promise((go) => setTimeout(go, 1_500))
          document.documentElement.dataset['unpacked'] = 'yes'
          return unpack(blob)
        }
        Object.assign(globalThis, { createImageBitmap: slow })
      })
    })
    await live(page)
    await page.waitForSelector('html[data-unpacks]')
    await page.selectOption('#zone-camera', 'cam-2')
    await page.waitForSelector('html[data-unpacked]')
    await page.waitForTimeout(300)
    expect(await page.locator('.live-image').getAttribute('aria-label')).toContain('cam-2')
    expect(await page.locator('.live-image').isVisible()).toBe(false)
  })
})

import sharp from 'sharp'
import { renderedPlate } from '../vision/rendered-plate.ts'

/** A crop of this plate as a reviewer sees it, JPEG. */
export const plateCrop = async (text: string): Promise<Uint8Array> => {
  const area = { left: 140, top: 190, width: 360, height: 96 }
  return new Uint8Array(
    await sharp(await renderedPlate(text))
      .extract(area)
      .resize(320)
      .jpeg()
      .toBuffer(),
  )
}

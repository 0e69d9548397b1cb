import sharp from 'sharp'

/** A JPEG of a bare wall with one plate on it. */
export async function renderedPlate(text: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="#8a8d90"/>
    <rect x="150" y="200" width="340" height="76" rx="8" fill="#fdfdf8" stroke="#111" stroke-width="4"/>
    <text x="320" y="258" font-family="DejaVu Sans, Arial, sans-serif" font-weight="bold" font-size="54" text-anchor="middle" fill="#111">${text}</text></svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer()
}

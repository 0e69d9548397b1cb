// Runs after `npm ci`: onnxruntime-node ships the binaries of every platform (288 MB), Node its C headers (67 MB). A gateway needs one of
// them and none of the others. Plain JavaScript, since the machine's own Node runs it; what is not there is passed over.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url))
const foldersIn = (path) => (existsSync(path) ? readdirSync(path) : [])

const runtimes = join(modules, 'onnxruntime-node', 'bin')
for (const abi of foldersIn(runtimes)) {
  if (!existsSync(join(runtimes, abi, process.platform, process.arch))) continue
  for (const platform of foldersIn(join(runtimes, abi))) {
    for (const arch of foldersIn(join(runtimes, abi, platform))) {
      if (platform === process.platform && arch === process.arch) continue
      rmSync(join(runtimes, abi, platform, arch), { recursive: true, force: true })
    }
  }
}
for (const name of foldersIn(modules)) {
  if (name.startsWith('node-linux-')) rmSync(join(modules, name, 'include'), { recursive: true, force: true })
}

import { Fault } from '../../machines/faults.ts'
import { parseSource } from '../site-source.ts'

/** Names of the variables that site files on nodes may take from the environment begin so. */
const PREFIX = 'SITE_'

/** What of a node's environment its sites' files see: whoever may write those has none of the node's own secrets by them. */
export const siteVariables = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith(PREFIX)))

/** Throws Fault SITE_FILE_INVALID where the text of a site file takes a variable that no site on nodes is given. */
export function demandSiteVariables(text: string): void {
  const refused = parseSource(text, {}).variables.filter((name) => !name.startsWith(PREFIX))
  if (refused.length === 0) return
  const named = refused.map((name) => `\${${name}}`).join(', ')
  const says = `The site file takes ${named} from the environment; on nodes it sees only variables whose names begin with ${PREFIX}, none of the node's own: name what is the site's so, here and on every node.`
  throw new Fault('SITE_FILE_INVALID', {}, { says })
}

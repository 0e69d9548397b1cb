import { holds } from './law-tests.ts'
import { law } from './laws/what-is-shown-is-what-is-known.ts'

holds(law)

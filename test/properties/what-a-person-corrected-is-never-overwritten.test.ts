import { holds } from './law-tests.ts'
import { law } from './laws/what-a-person-corrected-is-never-overwritten.ts'

holds(law)

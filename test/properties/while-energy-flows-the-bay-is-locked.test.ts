import { holds } from './law-tests.ts'
import { law } from './laws/while-energy-flows-the-bay-is-locked.ts'

holds(law)

import { holds } from './law-tests.ts'
import { law } from './laws/a-parked-car-is-quiet.ts'

holds(law)

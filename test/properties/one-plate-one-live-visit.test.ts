import { holds } from './law-tests.ts'
import { law } from './laws/one-plate-one-live-visit.ts'

holds(law)

import { holds } from './law-tests.ts'
import { law } from './laws/two-cables-within-reach-never-mix-two-payers.ts'

holds(law)

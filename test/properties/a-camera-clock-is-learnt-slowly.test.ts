import { holds } from './law-tests.ts'
import { law } from './laws/a-camera-clock-is-learnt-slowly.ts'

holds(law)

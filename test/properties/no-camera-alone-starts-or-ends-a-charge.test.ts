import { holds } from './law-tests.ts'
import { law } from './laws/no-camera-alone-starts-or-ends-a-charge.ts'

holds(law)

import { TOY_PERSONALITIES } from '../../simulations/toy-habits.ts'
import { STATION_PERSONALITIES } from '../../simulations/toy-station-habits.ts'
import { ocppContract } from './ocpp-contract.ts'

for (const [name, habits] of Object.entries(TOY_PERSONALITIES)) ocppContract(`${name} 1.6`, { habits })
for (const [name, station] of Object.entries(STATION_PERSONALITIES))
  ocppContract(`${name} ${station.version.slice(4)}`, { station })

const AT = '2026-11-22T10:00:00Z'
const sampled = (value: unknown, more: object = {}) => ({ timestamp: AT, sampledValue: [{ value, ...more }] })
const event = (eventType: string, seqNo: number, more: object = {}, info: object = {}) => [
  2,
  `e${seqNo}`,
  'TransactionEvent',
  {
    eventType,
    seqNo,
    timestamp: AT,
    triggerReason: 'Authorized',
    evse: { id: 1, connectorId: 1 },
    transactionInfo: { transactionId: 'tx-1', chargingState: 'Charging', ...info },
    ...more,
  },
]

/** Frames as charge points of all versions send them: what a fuzzer begins with. */
export const VALID_FRAMES: readonly unknown[] = [
  [2, 'a', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion: '1' }],
  [2, 'b', 'StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'NoError', timestamp: AT }],
  [2, 'c', 'StartTransaction', { connectorId: 1, idTag: 'CARD', meterStart: 5, timestamp: AT }],
  [
    2,
    'd',
    'StopTransaction',
    { transactionId: 1, meterStop: 9, timestamp: AT, reason: 'Local', transactionData: [sampled('9')] },
  ],
  [
    2,
    'e',
    'MeterValues',
    {
      connectorId: 1,
      transactionId: 1,
      meterValue: [sampled('6.1', { measurand: 'Current.Import', unit: 'A', phase: 'L1' })],
    },
  ],
  [2, 'f', 'MeterValues', { connectorId: 1, meterValue: [sampled('OCMF|{}', { format: 'SignedData' })] }],
  [2, 'g', 'Authorize', { idTag: 'CARD' }],
  [2, 'h', 'DataTransfer', { vendorId: 'V', messageId: 'm', data: '{}' }],
  [2, 'i', 'BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } }],
  [2, 'j', 'StatusNotification', { evseId: 1, connectorId: 1, connectorStatus: 'Occupied', timestamp: AT }],
  [2, 'k', 'Authorize', { idToken: { idToken: 'DEABC1234567', type: 'eMAID' } }],
  event(
    'Started',
    0,
    { idToken: { idToken: 'CARD', type: 'ISO14443' }, meterValue: [sampled(1000)] },
    { remoteStartId: 7 },
  ),
  event('Updated', 1, { triggerReason: 'EVDetected', meterValue: [sampled(6, { measurand: 'Current.Import' })] }),
  event(
    'Ended',
    2,
    { offline: true, meterValue: [sampled(1200, { unitOfMeasure: { unit: 'kWh', multiplier: -3 } })] },
    { stoppedReason: 'Local' },
  ),
  [
    2,
    'l',
    'MeterValues',
    {
      evseId: 1,
      meterValue: [
        sampled(1100, {
          signedMeterValue: { signedMeterData: 'T0M=', signingMethod: '', encodingMethod: 'OCMF', publicKey: '' },
        }),
      ],
    },
  ],
  [
    2,
    'm',
    'NotifyEvent',
    {
      generatedAt: AT,
      seqNo: 0,
      eventData: [
        {
          eventId: 1,
          timestamp: AT,
          trigger: 'Delta',
          actualValue: 'true',
          eventNotificationType: 'HardWiredNotification',
          component: { name: 'BayOccupancySensor', evse: { id: 1 } },
          variable: { name: 'Active' },
        },
      ],
    },
  ],
  [3, 'n', { status: 'Accepted' }],
  [4, 'o', 'InternalError', 'x', {}],
  [5, 'p', 'FormatViolation', '', {}],
  [6, 'q', 'NotifyPeriodicEventStream', { id: 1, data: [] }],
  [2, 42, 'Heartbeat', {}],
]

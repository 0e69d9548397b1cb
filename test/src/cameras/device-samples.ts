/** Messages of devices, of the shapes that the field's page names, values changed; and pushes made of them. */

export type Sample = {
  readonly headers: { readonly [name: string]: string }
  readonly body: Buffer
  readonly path?: string
  readonly query?: { readonly [name: string]: string }
}

/** The smallest JPEG that names a size: a header, and nothing to see. */
export function jpegOf(width: number, height: number): Buffer {
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff]
  const frame = [0xff, 0xc0, 0x00, 0x0b, 0x08, ...size, 0x01, 0x01, 0x11, 0x00]
  const comment = Buffer.from(`\xff\xfe\x00\x42${'-'.repeat(64)}`, 'latin1')
  return Buffer.concat([Buffer.from([0xff, 0xd8]), comment, Buffer.from(frame), Buffer.from([0xff, 0xd9])])
}

type Piece = {
  readonly name: string
  readonly filename?: string
  readonly type: string
  readonly body: Buffer | string
}

/** A form as a camera sends it. */
export function formOf(pieces: readonly Piece[], boundary = 'berth-7d1'): Sample {
  const parts = pieces.flatMap(({ name, filename, type, body }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename ? `; filename="${filename}"` : ''}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    ),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ])
  const body = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body }
}

export const HIKVISION_XML = `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
 <ipAddress>192.0.2.40</ipAddress><macAddress>44:a6:42:00:00:01</macAddress><channelID>1</channelID>
 <dateTime>2026-05-07T17:48:03.847+07:00</dateTime><activePostCount>1</activePostCount>
 <eventType>ANPR</eventType><eventState>active</eventState><channelName>BAYS 1-3</channelName>
 <ANPR><country>64</country><licensePlate>AB12CDE</licensePlate><line>1</line><direction>forward</direction>
  <confidenceLevel>98</confidenceLevel><plateCharBelieve>99,99,99,99,99,99,99</plateCharBelieve><vehicleType>SUVMPV</vehicleType>
  <pictureInfoList><pictureInfo><fileName>detectionPicture.jpg</fileName><type>detectionPicture</type><absTime>20260507174803847</absTime>
   <plateRect><X>430</X><Y>275</Y><width>106</width><height>65</height></plateRect>
   <vehicelRect><X>271</X><Y>0</Y><width>425</width><height>426</height></vehicelRect></pictureInfo>
   <pictureInfo><fileName>licensePlatePicture.jpg</fileName><type>licensePlatePicture</type></pictureInfo></pictureInfoList>
  <listType>temporary</listType><originalLicensePlate>AB12CDE</originalLicensePlate></ANPR>
 <UUID>a0fe72d4-0000-4000-8000-000000000001</UUID><picNum>2</picNum></EventNotificationAlert>`

/** A push of Hikvision: `order` of its three parts, as firmwares differ in it. */
export function hikvisionPush(
  xml = HIKVISION_XML,
  order: readonly number[] = [0, 1, 2],
  scene = jpegOf(2688, 1520),
): Sample {
  const pieces: readonly Piece[] = [
    { name: 'anpr.xml', filename: 'anpr.xml', type: 'application/xml', body: xml },
    { name: 'licensePlatePicture.jpg', filename: 'licensePlatePicture.jpg', type: 'image/jpeg', body: jpegOf(160, 48) },
    { name: 'detectionPicture.jpg', filename: 'detectionPicture.jpg', type: 'image/jpeg', body: scene },
  ]
  return formOf(order.flatMap((at) => pieces[at] ?? []))
}

export const DAHUA_DATA = {
  EventID: 7,
  GroupID: 45103735,
  IndexInGroup: 1,
  UTC: 1785773616,
  RealUTC: 1785762816,
  Lane: 1,
  DetectRegion: [
    [0, 0],
    [8191, 0],
    [8191, 8191],
    [0, 8191],
  ],
  Object: {
    ObjectType: 'Plate',
    Text: 'AB12CDE',
    Confidence: 87,
    BoundingBox: [2000, 2928, 2768, 3616],
    OriginalBoundingBox: [656, 607, 908, 734],
    RecogniseEqualVoting: 1,
  },
  TrafficCar: {
    PlateNumber: 'AB12CDE',
    DrivingDirection: ['Approach', '', ''],
    CarType: 'NormalCar',
    MachineName: 'CAM1',
    WhiteList: { Enable: false },
  },
  Vehicle: { BoundingBox: [1632, 0, 6912, 6576], Text: 'Unknown' },
}

/** One event of eventManager as text: its data over many lines, as the camera prints it. */
export const dahuaEvent = (data: object = DAHUA_DATA, code = 'TrafficJunction'): string =>
  `Code=${code};action=Pulse;index=0;data=${JSON.stringify(data, null, 3)}`

export const dahuaPush = (data: object = DAHUA_DATA): Sample => ({
  headers: { 'content-type': 'text/plain', 'content-encoding': 'deflate' },
  body: Buffer.from(dahuaEvent(data)),
})

/** What snapManager writes: a key a line, and the picture beside it. */
export const SNAP_TEXT = `Events[0].Code=TrafficJunction
Events[0].GroupID=77
Events[0].Lane=2
Events[0].Object.BoundingBox[0]=4544
Events[0].Object.BoundingBox[1]=5000
Events[0].Object.BoundingBox[2]=5200
Events[0].Object.BoundingBox[3]=5300
Events[0].Object.Text=AB12CDE
Events[0].TrafficCar.PlateNumber=AB12CDE
Events[0].UTC=1785773616
`

export const ITSAPI_BODY = {
  Picture: {
    Plate: {
      PlateNumber: 'AB12CDE',
      PlateColor: 'White',
      Confidence: 95,
      IsExist: true,
      UploadNum: 1,
      BoundingBox: [1000, 2000, 3000, 2500],
    },
    Vehicle: { VehicleColor: 'Black', VehicleType: 'Car' },
    SnapInfo: { AccurateTime: '2026-05-13 14:32:15.120', TimeZone: '…', DeviceID: 'cam-7', Direction: 'Obverse' },
    NormalPic: { PicName: '20260513143215_1.jpg', Content: jpegOf(1920, 1080).toString('base64') },
  },
}

export const itsapiPush = (body: unknown = ITSAPI_BODY, path = 'NotificationInfo/TollgateInfo'): Sample => ({
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(body)),
  path,
})

export const AXIS_EVENT = {
  packetCounter: '13046',
  capture_timestamp: '1718373876372',
  frame_timestamp: '1718373875705442',
  datetime: '20240614 160436372',
  plateUTF8: 'AB12CDE',
  plateCountry: 'CZE',
  plateConfidence: '0.868800',
  carState: 'update',
  carID: '1327',
  roiID: '1',
  carMoveDirection: 'in',
  plateCoordinates: [519, 633, 141, 42],
  plateCoordinatesRelative: [364, 478, 141, 42],
  imagesURI: ['/local/fflprapp/tools.cgi?action=getImage&name=9/x.jpg'],
  camera_info: { SerialNumber: 'B8A44F000000', ProdShortName: 'AXIS Q1805-LE' },
  vehicle_info: { type: 'CAR', view: 'front', brand: 'Skoda', color: 'GRAY', confidenceMMR: '0.99' },
  sensorProviderID: 'PRG-82',
}

export const MILESIGHT_EVENT = {
  device: 'Network Camera',
  time: '2024-02-01 06:00:05.509',
  plate: 'AB12CDE',
  type: 'Visitor',
  direction: '-',
  detection_region: '1',
  region: 'LVA',
  resolution_width: '1920',
  resolution_height: '1080',
  coordinate_x1: '1014',
  coordinate_y1: '624',
  coordinate_x2: '1110',
  coordinate_y2: '666',
  confidence: '-',
  plate_image: jpegOf(96, 42).toString('base64'),
}

export const RECOGNITION = {
  hook: { id: 'camera-1', event: 'recognition', filename: 'camera-1_screenshots/21-09-29/05-56-13.606935.jpg' },
  data: {
    camera_id: 'camera-1',
    timestamp: '2021-09-29T05:56:13.606935Z',
    timestamp_local: '2021-09-29 05:56:13.606935+00:00',
    results: [
      {
        plate: 'ab12cde',
        score: 0.839,
        dscore: 0.441,
        box: { xmin: 460, ymin: 57, xmax: 557, ymax: 82 },
        region: { code: 'gb', score: 0.413 },
        candidates: [{ plate: 'ab12cde' }, { plate: 'a812cde' }],
        vehicle: { type: 'Sedan', score: 0.267, box: { xmin: 387, ymin: 23, xmax: 1493, ymax: 577 } },
        direction: '',
        position_sec: 4,
      },
    ],
  },
}

export const recognitionPush = (
  message: unknown = RECOGNITION,
  size: readonly [number, number] = [1920, 1080],
): Sample =>
  formOf([
    { name: 'upload', filename: 'x.jpg', type: 'image/jpeg', body: jpegOf(...size) },
    { name: 'json', type: 'application/json', body: JSON.stringify(message) },
  ])

export const ALPR_GROUP = {
  version: 1,
  data_type: 'alpr_group',
  epoch_start: 1448326208789,
  epoch_end: 1448326210046,
  camera_id: 1414799424,
  agent_uid: 'AGENT1',
  uuids: ['site-cam1414799424-1448326208789'],
  best_uuid: 'site-cam1414799424-1448326208789',
  best_plate_number: 'A13709',
  best_confidence: 92.075203,
  best_plate: {
    coordinates: [
      { x: 204, y: 134 },
      { x: 709, y: 222 },
      { x: 658, y: 500 },
      { x: 167, y: 383 },
    ],
    vehicle_region: { x: 319, y: 322, width: 288, height: 288 },
  },
  candidates: [
    { plate: 'A13709', confidence: 92.07, matches_template: 0 },
    { plate: 'A137O9', confidence: 83.3, matches_template: 0 },
  ],
  travel_direction: 0.0,
  is_parked: false,
  is_preview: false,
  best_image_width: 1280,
  best_image_height: 720,
}

export const ALPR_HEARTBEAT = {
  version: 1,
  data_type: 'heartbeat',
  agent_uid: 'AGENT1',
  video_streams: [{ camera_id: 1414799424, fps: 14, is_streaming: true, last_update: 1448326208789 }],
}

/** Frigate's word on a plate, by MQTT. */
export const FRIGATE_UPDATE = {
  type: 'lpr',
  id: '1607123955.475377-mxklsc',
  name: null,
  plate: '123ABC',
  score: 0.95,
  camera: 'bay_cam',
  timestamp: 1607123958.748393,
  plate_box: [917, 487, 1029, 529],
}

/** A message that is JSON. */
export const jsonPush = (message: unknown): Sample => ({
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(message)),
})

/** One whole message of every dialect that a device may push. */
export const SAMPLES: { readonly [dialect: string]: Sample } = {
  hikvision: hikvisionPush(),
  dahua: dahuaPush(),
  'dahua-itsapi': itsapiPush(),
  axis: jsonPush(AXIS_EVENT),
  milesight: jsonPush(MILESIGHT_EVENT),
  platerecognizer: recognitionPush(),
  rekor: jsonPush(ALPR_GROUP),
}

/** The models that read plates here: named in answers and records. Raised with every change of a model. */
export const READER_MODEL = 'berth-two-recognisers-3'

/** The models that read plates here: readers of one name make the same errors, and are one witness. Raised with every change of a model. */
export const READER_MODEL = 'berth-two-recognisers-2'

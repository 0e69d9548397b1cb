#!/usr/bin/env python3
"""Checks a journal that berth exported, a store itself, or what a person was handed, with nothing but Python's standard library.

    python3 verify.py FILE... [--checkpoints FILE]... [--key PUBLIC_KEY]

FILE              a store (SQLite), what `berth export` wrote, or segments of `berth archive` in their order, and what follows them;
                  or one `subject.json` of `berth subject`
--checkpoints     signed checkpoints kept elsewhere (what a receiver kept); a store's own, `<store>.checkpoints.jsonl`, are read with it
--key             the site's public key as `berth checkpoints` prints it, 64 hexadecimal characters

Exit 0: everything holds. Exit 1: one line on stderr names the first thing that does not. Exit 2: a wrong command line. What is checked, to the byte:
docs/journal-format.md.
"""
import base64
import binascii
import gzip
import hashlib
import json
import os
import re
import sqlite3
import sys
import urllib.request
import zlib

MOST_LINE = 64 << 20
MOST_PIECE = 256 << 20
CHAIN = ('personalHash', 'contentHash', 'prev', 'hash')
SEGMENT = 'berth-segment-1'
FORMATS = ('berth-journal-1', 'berth-journal-2', 'berth-journal-3', SEGMENT)


class Number(str):
    """A number as it is written: never turned into a float and back."""


class Broken(Exception):
    """What does not hold, in one sentence."""


def no_twins(pairs):
    """A member that stands twice could say one thing here and another elsewhere."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError('a name stands twice')
    return members


def no_constant(name):
    raise ValueError(name + ' is no JSON')


def parse(line, bare=True):
    try:
        text = line.decode('utf-8')
        if bare and text.strip() != text:
            raise ValueError('white space around it')
        return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=no_constant, object_pairs_hook=no_twins)
    except (ValueError, RecursionError):
        raise Broken('this is not JSON (cut off, or damaged)') from None


def quote(text):
    try:
        text.encode('utf-8')
    except UnicodeEncodeError:
        raise Broken('it holds a text with half a character') from None
    return json.dumps(text, ensure_ascii=False)


def canonical(value):
    """RFC 8785: names sorted by UTF-16 code units, no white space."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode('utf-16-be', 'surrogatepass'))
        return '{' + ','.join(quote(name) + ':' + canonical(value[name]) for name in names) + '}'
    if isinstance(value, list):
        return '[' + ','.join(map(canonical, value)) + ']'
    if isinstance(value, str):
        return quote(value)
    return json.dumps(value)


def sha256(text):
    return hashlib.sha256(text.encode('utf-8')).hexdigest()


# Ed25519 (RFC 8032): points of the curve as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, point):
    total = (0, 1, 1, 0)
    while factor > 0:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def point_of(octets):
    """The point that 32 octets stand for, or None."""
    number = int.from_bytes(octets, 'little')
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT % P
    if (x * x - square) % P != 0 or (x == 0 and sign == 1):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def same(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))


def signed(public, message, signature):
    """Whether the owner of the public key (32 octets) signed the message (octets)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, first, s = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], 'little')
    if key is None or first is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), 'little') % L
    return same(times(s, BASE), add(first, times(h, key)))


class Chain:
    """Follows the records; keeps the hashes that checkpoints name."""

    def __init__(self):
        self.seq, self.hash, self.site, self.hashes, self.begun = 0, '0' * 64, None, {}, 0

    def begin(self, header):
        """A file begins: its first record follows on the last one of the file before, or on what was not given."""
        if self.site is not None and header['siteId'] != self.site:
            raise Broken('it is of the site %s, what came before of %s' % (header['siteId'], self.site))
        self.site = header['siteId']
        first, before = int(header.get('first', 1)), header.get('prev', '0' * 64)
        if self.seq == 0 and first > 1:
            self.seq, self.hash, self.begun = first - 1, before, first - 1
            self.hashes[self.seq] = before
        if first != self.seq + 1:
            raise Broken('it begins with record %d, and record %d comes next' % (first, self.seq + 1))
        if before != self.hash:
            raise Broken('record %d is not the one that the header follows on' % self.seq)

    def take(self, record):
        following = self.seq + 1
        if record.get('seq') != str(following) or not isinstance(record['seq'], Number):
            raise Broken('record %d is missing or out of place' % following)
        links = {name: record.pop(name, None) for name in CHAIN}
        if not all(isinstance(value, str) for value in links.values()):
            raise Broken('record %d: it has no whole chain members' % following)
        if 'personal' in record:
            self.check_fields(record, links, following)
        elif list(record) != ['seq']:
            raise Broken('record %d: a record without `personal` is not one of berth' % following)
        if links['prev'] != self.hash:
            raise Broken('record %d: its prev is not the hash of the record before' % following)
        if links['hash'] != sha256(links['prev'] + links['contentHash'] + links['personalHash']):
            raise Broken('record %d: its hash is not that of its parts' % following)
        self.seq, self.hash = following, links['hash']
        self.hashes[following] = self.hash

    def check_fields(self, record, links, following):
        personal = record.pop('personal')
        if sha256(canonical(record)) != links['contentHash']:
            raise Broken('record %d: its content was altered' % following)
        if personal is not None and sha256(canonical(personal)) != links['personalHash']:
            raise Broken('record %d: its personal fields were altered' % following)
        self.site = self.site or record.get('siteId')
        if record.get('siteId') != self.site:
            raise Broken('record %d is of the site %s, the others of %s' % (following, record.get('siteId'), self.site))


def check_checkpoint(point, chain, key):
    """One signed checkpoint against the chain."""
    signature = point.pop('signature', '')
    seq, said = int(point['seq']), point['key']
    name = 'the checkpoint of %s' % point['time']
    if key is not None and said != key:
        raise Broken('%s is signed with another key, %s' % (name, said))
    if not signed(bytes.fromhex(said), canonical(point).encode('utf-8'), bytes.fromhex(signature)):
        raise Broken('%s: its signature does not hold' % name)
    if chain.site is not None and point['siteId'] != chain.site:
        raise Broken('%s is of the site %s, the records of %s' % (name, point['siteId'], chain.site))
    if seq > chain.seq:
        raise Broken('the end is cut off: %s names record %d, after record %d comes nothing' % (name, seq, chain.seq))
    if seq < chain.begun or seq == 0:
        return
    if chain.hashes[seq] != point['hash']:
        raise Broken('record %d is not the one that %s was signed for' % (seq, name))


def check_spare_bits(path):
    """The packed bits of a piece end within a byte; what is above them says nothing, and is 0 in every piece of berth's."""
    with open(path, 'rb') as file:
        for offset in iter(file.tell, -1):
            head = file.read(20)
            size = int.from_bytes(head[16:20], 'little')
            if not head or head[12:14] != b'BE' or size <= 20 or size > MOST_PIECE:
                return
            piece = head + file.read(size - 20)
            last = piece[-9] if len(piece) == size else 0
            if last == 0:
                continue
            bare = piece[:-9] + bytes([last & ~(1 << (last.bit_length() - 1))]) + piece[-8:]
            texts = [unpacked(octets) for octets in (piece, bare)]
            if texts[0] is not None and texts[0] == texts[1]:
                raise Broken('the packed piece at byte %d is damaged' % offset)


def unpacked(piece):
    """The whole text of a piece; None where it is damaged, or longer than a line may be (which is told later)."""
    packed = zlib.decompressobj(31)
    try:
        text = packed.decompress(piece, MOST_LINE)
        return text if packed.eof else None
    except zlib.error:
        return None


def lines_of(path):
    with open(path, 'rb') as plain:
        packed = plain.read(2) == b'\x1f\x8b'
    if packed:
        check_spare_bits(path)
    with (gzip.open if packed else open)(path, 'rb') as file:
        # A small packed file may unpack to one line that no memory holds.
        for number, line in enumerate(iter(lambda: file.readline(MOST_LINE + 1), b''), 1):
            if len(line) > MOST_LINE:
                raise Broken('line %d: it is longer than 64 MB, and no line of berth is' % number)
            yield number, line.rstrip(b'\n')


def take_line(record, chain, points, state):
    if not isinstance(record, dict):
        raise Broken('this is not a record')
    if 'format' in record and str(record['format']).startswith('berth-checkpoint-'):
        points.append(record)
    elif 'format' in record:
        if state.get('begun') or state.get('header') or record['format'] not in FORMATS:
            raise Broken('this is no header, or not in its place')
        state['header'] = record
        chain.begin(record)
    elif 'machines' in record:
        if hashlib.sha256(record['source'].encode('utf-8')).hexdigest() != record['machines']:
            raise Broken('the machines %s were altered' % record['machines'])
    else:
        state['begun'] = True
        chain.take(record)


ROWS = 'SELECT seq, stream, version, at, content, personal, personal_hash, content_hash, prev, hash FROM record ORDER BY seq'


def is_store(path):
    with open(path, 'rb') as file:
        return file.read(16) == b'SQLite format 3\x00'


def take_row(row, chain, site):
    """A row is a record: its texts are hashed as they stand, and its columns say what the record says."""
    seq, stream, version, at, content, personal, personal_hash, content_hash, prev, own = row
    if sha256(content) != content_hash:
        raise Broken('record %d: its content was altered' % seq)
    if personal is not None and sha256(personal) != personal_hash:
        raise Broken('record %d: its personal fields were altered' % seq)
    record = parse(content.encode('utf-8'))
    if record.get('siteId') != site:
        raise Broken('record %d is of the site %s, the store of %s' % (seq, record.get('siteId'), site))
    for column, value in (('seq', str(seq)), ('stream', stream), ('version', str(version)), ('at', at)):
        if record.get(column) != value:
            raise Broken('record %d: the column %s says %s, the record %s' % (seq, column, value, record.get(column)))
    record['personal'] = None if personal is None else parse(personal.encode('utf-8'))
    record.update(personalHash=personal_hash, contentHash=content_hash, prev=prev, hash=own)
    chain.take(record)


def archived_to(store):
    """The newest record that the store has only in segments; 0 where it has all of them itself."""
    if store.execute("SELECT 1 FROM sqlite_master WHERE name = 'archived_segment'").fetchone() is None:
        return 0
    return store.execute('SELECT max(last) FROM archived_segment').fetchone()[0] or 0


def read_store(path, chain):
    """Follows the rows of a store to its end; the file is never written."""
    store = sqlite3.connect('file:%s?mode=ro' % urllib.request.pathname2url(os.path.abspath(path)), uri=True)
    try:
        site = store.execute("SELECT value FROM meta WHERE name = 'siteId'").fetchone()
        site = site and site[0]
        archived = archived_to(store)
        if chain.seq < archived:
            raise Broken('the records up to %d are archived: name the segments before it' % archived)
        for number, row in enumerate(store.execute(ROWS)):
            if number == 0 and row[0] != chain.seq + 1:
                raise Broken('its first record is %d, and record %d comes next: what came before was deleted' % (row[0], chain.seq + 1))
            if number == 0:
                chain.begin({'siteId': site, 'first': row[0], 'prev': row[8]})
            take_row(row, chain, site)
        if chain.seq == 0:
            raise Broken('there is no record in it')
    except (sqlite3.Error, AttributeError, TypeError, UnicodeError) as wrong:
        raise Broken('after record %d the store cannot be read: %s' % (chain.seq, wrong)) from None
    finally:
        store.close()


def read(path, chain, points):
    """Follows the lines of one file to its end."""
    if is_store(path):
        return read_store(path, chain)
    state, number = {}, 0
    try:
        for number, line in lines_of(path):
            try:
                take_line(parse(line), chain, points, state)
            except (Broken, KeyError, TypeError) as wrong:
                raise Broken('line %d: %s' % (number, wrong)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Broken('line %d: the packed bytes after record %d are cut off or damaged' % (number + 1, chain.seq)) from None
    header = state.get('header')
    if header is None and chain.seq == 0:
        raise Broken('there is no record in it')
    if header is not None and (header['seq'], header['hash']) != (str(chain.seq), chain.hash):
        raise Broken('the end is missing: the header promises %s records, there are %d' % (header['seq'], chain.seq))
    sealed = any(point['seq'] == str(chain.seq) for point in points)
    if header is not None and header['format'] == SEGMENT and not sealed:
        raise Broken('it is not sealed: no signed checkpoint names its last record, %d' % chain.seq)


PACKAGE = 'berth-subject-1'


def is_package(path):
    """Whether a file begins as what a person is handed."""
    with open(path, 'rb') as file:
        return re.match(rb'\s*\{\s*"(content|signature)"\s*:\s*\{', file.read(64)) is not None


def verify_package(path, key):
    """Answers a sentence that says who signed the package. Raises Broken."""
    with open(path, 'rb') as file:
        package = parse(file.read(), bare=False)
    if set(package) != {'content', 'signature'} or not all(isinstance(part, dict) for part in package.values()):
        raise Broken('a package has `content` and `signature`, and nothing else')
    content, signature = package['content'], package['signature']
    if content.get('format') != PACKAGE:
        raise Broken('its form is %s; this script knows %s' % (content.get('format'), PACKAGE))
    public, value = signature.get('publicKey'), signature.get('value')
    try:
        octets = base64.b64decode(value, validate=True)
        whole = set(signature) == {'algorithm', 'publicKey', 'value'} and signature['algorithm'] == 'Ed25519'
        whole = whole and re.fullmatch('[0-9a-f]{64}', public) and base64.b64encode(octets).decode() == value
    except (TypeError, ValueError, binascii.Error):
        whole = False
    if not whole:
        raise Broken('its signature is not whole')
    if not signed(bytes.fromhex(public), canonical(content).encode('utf-8'), octets):
        raise Broken('its content or its signature was altered: they do not fit')
    if key is not None and key != public:
        raise Broken('it is signed with %s, and --key says another key' % public)
    return 'the package of %s is as it was signed with %s' % (content.get('madeAt'), public)


def verify(paths, checkpoint_paths=(), key=None):
    """Answers a sentence that says what holds. Raises Broken."""
    if len(paths) == 1 and is_package(paths[0]):
        return verify_package(paths[0], key)
    chain, points = Chain(), []
    for path in paths:
        try:
            read(path, chain, points)
        except Broken as wrong:
            raise Broken(str(wrong) if len(paths) == 1 else '%s: %s' % (os.path.basename(path), wrong)) from None
    beside = [path + '.checkpoints.jsonl' for path in paths if is_store(path)]
    for kept in [*checkpoint_paths, *filter(os.path.exists, beside)]:
        points.extend(parse(line) for _, line in lines_of(kept) if line.startswith(b'{') and line.endswith(b'}'))
    for point in sorted(points, key=lambda point: int(point['seq'])):
        try:
            check_checkpoint(point, chain, key)
        except (KeyError, TypeError, ValueError) as wrong:
            raise Broken('a checkpoint is not whole: %s' % wrong) from None
    keys = sorted({point['key'] for point in points})
    noun = 'checkpoint' if len(points) == 1 else 'checkpoints'
    signed_by = ', %d %s signed by %s' % (len(points), noun, ' and '.join(keys)) if points else ''
    begun = ' from record %d on' % (chain.begun + 1) if chain.begun else ''
    records = chain.seq - chain.begun
    hold = 'record holds' if records == 1 else 'records hold'
    return '%d %s%s%s' % (records, hold, begun, signed_by)


def main(words):
    paths, kept, key = [], [], None
    while words:
        word = words.pop(0)
        if word in ('--checkpoints', '--key') and words:
            value = words.pop(0)
            kept, key = (kept + [value], key) if word == '--checkpoints' else (kept, value.lower())
        else:
            paths.append(word)
    if not paths or any(path.startswith('-') for path in paths):
        misused(__doc__)
    if key is not None and not re.fullmatch('[0-9a-f]{64}', key):
        misused('--key takes 64 hexadecimal characters, as `berth checkpoints` prints them.')
    try:
        print(verify(paths, kept, key))
    except FileNotFoundError as wrong:
        sys.exit('there is no file %s; check the path.' % wrong.filename)
    except OSError as wrong:
        sys.exit('%s cannot be read (%s); name a file that can.' % (wrong.filename, wrong.strerror))
    except Broken as wrong:
        sys.exit(str(wrong))


def misused(says):
    print(says, file=sys.stderr)
    sys.exit(2)


if __name__ == '__main__':
    main(sys.argv[1:])

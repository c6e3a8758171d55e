/** Top-level modules that Python 2.7 and every 3.x have; the guide counts `lib` among them (3.2.1). */
const COMMON = `
  abc aifc antigravity argparse array ast atexit audioop base64 bdb binascii bisect bz2 cProfile
  calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall contextlib
  copy crypt csv ctypes curses datetime decimal difflib dis doctest email encodings errno fcntl
  filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob grp
  gzip hashlib heapq hmac idlelib imaplib imghdr importlib inspect io itertools json keyword lib
  lib2to3 linecache locale logging mailbox mailcap marshal math mimetypes mmap modulefinder
  multiprocessing netrc nis nntplib ntpath numbers opcode operator optparse os pdb pickle pickletools
  pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile
  pyclbr pydoc pydoc_data pyexpat quopri random re readline resource rlcompleter runpy sched select
  shelve shlex shutil signal site smtplib sndhdr socket spwd sqlite3 sre_compile sre_constants
  sre_parse ssl stat string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny
  tarfile telnetlib tempfile termios textwrap this threading time timeit token tokenize trace
  traceback tty turtle turtledemo types unicodedata unittest urllib uu uuid warnings wave weakref
  webbrowser wsgiref xdrlib xml zipfile zipimport zlib
`;

/** Modules that came with Python 3, up to 3.6. */
const PYTHON_3 = `
  asyncio concurrent configparser copyreg dbm ensurepip enum faulthandler html http ipaddress lzma
  nturl2path pathlib queue reprlib secrets selectors socketserver statistics tkinter tracemalloc
  typing venv xmlrpc zipapp
`;

/** Modules that went with Python 2. */
const PYTHON_2 = `
  BaseHTTPServer Bastion CGIHTTPServer ConfigParser Cookie DocXMLRPCServer HTMLParser MimeWriter Queue
  SimpleHTTPServer SimpleXMLRPCServer SocketServer StringIO UserDict UserList UserString anydbm
  audiodev bsddb cPickle cStringIO commands compiler cookielib copy_reg dbhash dircache dumbdbm
  dummy_thread fpformat future_builtins hotshot htmlentitydefs htmllib httplib ihooks imputil
  linuxaudiodev macurl2path markupbase md5 mhlib mimetools mimify multifile mutex new os2emxpath
  popen2 posixfile repr rexec rfc822 robotparser sets sgmllib sha sre statvfs stringold strop sunaudio
  toaiff urllib2 urlparse user whichdb xmllib xmlrpclib
`;

/** Modules by the version they came with, and by the version they were gone in. */
const SINCE: Readonly<Record<string, number>> = {
  contextvars: 7,
  dataclasses: 7,
  graphlib: 9,
  zoneinfo: 9,
  tomllib: 11,
};
const UNTIL: Readonly<Record<string, number>> = {
  dummy_threading: 9,
  formatter: 10,
  parser: 10,
  symbol: 10,
  binhex: 11,
  asynchat: 12,
  asyncore: 12,
  distutils: 12,
  imp: 12,
  smtpd: 12,
};

/** Names of the standard library's modules of a Python version such as `3.10`. */
export function standardModules(version: string): ReadonlySet<string> {
  const [major, minor] = version.split(".").map(Number);
  const names = words(COMMON);
  if (major === 2) return new Set([...names, ...words(PYTHON_2), ...Object.keys(UNTIL)]);
  const since = Object.keys(SINCE).filter((name) => (minor ?? 0) >= (SINCE[name] ?? 0));
  const until = Object.keys(UNTIL).filter((name) => (minor ?? 0) < (UNTIL[name] ?? 0));
  return new Set([...names, ...words(PYTHON_3), ...since, ...until]);
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

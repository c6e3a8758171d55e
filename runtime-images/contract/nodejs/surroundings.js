// Tells what an instance finds around itself.
const fs = require('fs');

function attempt(work) {
  try {
    work();
    return 'done';
  } catch (error) {
    return error.code;
  }
}

function openAll() {
  const opened = [];
  const end = attempt(() => {
    for (;;) opened.push(fs.openSync('/dev/null', 'r'));
  });
  opened.forEach((descriptor) => fs.closeSync(descriptor));
  return [end, opened.length > 900, opened.length < 1024];
}

exports.init = (context, callback) => callback(null);

exports.handler = (event, context, callback) => {
  const root = process.env.RUNTIME_CODE_ROOT;
  callback(null, {
    version: process.versions.node,
    ids: [process.getuid(), process.geteuid(), process.getgid(), process.getegid()],
    groups: process.getgroups().filter((group) => group !== 1003),
    folder: process.cwd(),
    code: fs.readdirSync(root),
    writes: [root, '/opt/function', '/home/snuser/runtime', '/usr', '/etc', '/tmp'].map((folder) =>
      attempt(() => fs.writeFileSync(folder + '/written', 'x'))
    ),
    limits: fs.readFileSync('/proc/self/limits', 'utf8').match(/Max open files +\d+ +\d+/)[0],
    descriptors: openAll(),
    capabilities: fs.readFileSync('/proc/self/status', 'utf8').match(/Cap(Eff|Bnd):\t[0-9a-f]+|NoNewPrivs:\t\d/g),
    environment: process.env,
    context: [
      context.getRequestID(),
      context.getFunctionName(),
      context.getVersion(),
      context.getPackage(),
      context.getProjectID(),
      Number(context.getMemorySize()),
      Number(context.getCPUNumber()),
      context.getRunningTimeInSeconds(),
      context.getAlias(),
      context.getUserData('PLAIN'),
      context.getUserData('SECRET'),
    ],
    left: context.getRemainingTimeInMilliSeconds(),
  });
};

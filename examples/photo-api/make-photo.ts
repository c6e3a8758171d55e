/**
 * Renders photo.jpg, the picture that this example sends: a still life on a table, path-traced with depth of field and film
 * grain. The same seed gives the same picture. Run: `node examples/photo-api/make-photo.ts [samples]` (a few minutes).
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createJimp } from "@jimp/core";
import jpeg from "@jimp/js-jpeg";

type Vec = readonly [number, number, number];
interface Ball {
  readonly at: Vec;
  readonly radius: number;
  readonly colour: (point: Vec, normal: Vec) => Vec;
  /** 0 matte; 1 lacquered; 2 metal; 3 glass. */
  readonly finish: 0 | 1 | 2 | 3;
}
interface Hit {
  readonly distance: number;
  readonly point: Vec;
  readonly normal: Vec;
  readonly colour: Vec;
  readonly finish: Ball["finish"];
}

const WIDTH = 1500;
const HEIGHT = 1000;
const SAMPLES = Number(process.argv[2] ?? 110);

const add = (a: Vec, b: Vec): Vec => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const sub = (a: Vec, b: Vec): Vec => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const mul = (a: Vec, k: number): Vec => [a[0] * k, a[1] * k, a[2] * k];
const tint = (a: Vec, b: Vec): Vec => [a[0] * b[0], a[1] * b[1], a[2] * b[2]];
const dot = (a: Vec, b: Vec): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vec, b: Vec): Vec => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: Vec): Vec => mul(a, 1 / Math.sqrt(dot(a, a)));
const mix = (a: Vec, b: Vec, k: number): Vec => add(mul(a, 1 - k), mul(b, k));

let state = 20_240_601;
/** mulberry32: small, seeded, good enough for light. */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

function hash(x: number, y: number, z: number): number {
  const s = Math.sin(x * 127.1 + y * 311.7 + z * 74.7) * 43_758.5453;
  return s - Math.floor(s);
}

function noise(p: Vec): number {
  const cell = p.map(Math.floor) as unknown as Vec;
  const f = sub(p, cell).map((v) => v * v * (3 - 2 * v)) as unknown as Vec;
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const dx = corner & 1;
    const dy = (corner >> 1) & 1;
    const dz = corner >> 2;
    const weight = (dx ? f[0] : 1 - f[0]) * (dy ? f[1] : 1 - f[1]) * (dz ? f[2] : 1 - f[2]);
    sum += weight * hash(cell[0] + dx, cell[1] + dy, cell[2] + dz);
  }
  return sum;
}

function wood(p: Vec): Vec {
  const plank = Math.floor(p[2] / 0.9);
  const across = p[2] / 0.9 - plank;
  const shade = 0.75 + 0.5 * hash(plank, 3, 7);
  const grain =
    noise([p[0] * 1.3 + plank * 17, p[2] * 26, plank]) * 0.6 + noise([p[0] * 7, p[2] * 90, plank]) * 0.4;
  const gap = across < 0.018 || across > 0.982 ? 0.25 : 1;
  return mul(mix([0.2, 0.095, 0.04], [0.5, 0.29, 0.14], grain), shade * gap);
}

function orange(point: Vec, normal: Vec): Vec {
  const pores = noise(mul(normal, 30));
  return mix([0.86, 0.33, 0.02], [0.98, 0.5, 0.06], noise(mul(point, 3)) * 0.7 + pores * 0.3);
}

function apple(point: Vec, normal: Vec): Vec {
  const stripes = noise([Math.atan2(normal[2], normal[0]) * 5, normal[1] * 1.2, 3]);
  const blush = Math.min(
    1,
    Math.max(0, 0.62 + normal[0] * 0.4 + (stripes - 0.5) * 0.45 + noise(mul(point, 8)) * 0.2),
  );
  return mix([0.62, 0.62, 0.1], [0.6, 0.03, 0.03], blush);
}

function lime(point: Vec, normal: Vec): Vec {
  return mix(
    [0.14, 0.34, 0.03],
    [0.42, 0.58, 0.08],
    noise(mul(normal, 16)) * 0.5 + noise(mul(point, 3)) * 0.5,
  );
}

const flat = (colour: Vec) => (): Vec => colour;
const BALLS: readonly Ball[] = [
  { at: [-1.25, 0.72, 0.2], radius: 0.72, colour: orange, finish: 1 },
  { at: [0.15, 0.66, 0.75], radius: 0.66, colour: apple, finish: 1 },
  { at: [-0.42, 0.42, -0.75], radius: 0.42, colour: lime, finish: 1 },
  { at: [1.5, 0.62, -0.15], radius: 0.62, colour: flat([0.97, 0.99, 0.98]), finish: 3 },
  { at: [0.62, 0.24, -1.1], radius: 0.24, colour: flat([0.95, 0.78, 0.42]), finish: 2 },
  { at: [2.75, 0.5, 1.5], radius: 0.5, colour: lime, finish: 1 },
  { at: [-2.9, 0.62, 1.9], radius: 0.62, colour: orange, finish: 1 },
  { at: [1.35, 0.85, 3.1], radius: 0.85, colour: flat([0.75, 0.76, 0.78]), finish: 2 },
  { at: [-0.9, 0.6, 3.6], radius: 0.6, colour: apple, finish: 1 },
];

/** A bright window to the left, a warm lamp behind, a dim room elsewhere. */
function light(direction: Vec): Vec {
  const window = dot(direction, unit([-0.85, 0.75, -0.35]));
  const bar = Math.abs(direction[1] - 0.62) < 0.025 || Math.abs(direction[2] + 0.32) < 0.025;
  if (window > 0.86 && !bar) return [9.5, 9.9, 10.8];
  const lamp = dot(direction, unit([0.8, 0.35, 0.6]));
  if (lamp > 0.975) return [13, 8.2, 3.6];
  const height = Math.max(0, direction[1]);
  return mix([0.3, 0.22, 0.17], [0.2, 0.24, 0.32], height);
}

function hitBall(ball: Ball, from: Vec, direction: Vec): number {
  const to = sub(from, ball.at);
  const b = dot(to, direction);
  const d = b * b - dot(to, to) + ball.radius * ball.radius;
  if (d < 0) return Infinity;
  const root = Math.sqrt(d);
  if (-b - root > 1e-4) return -b - root;
  return -b + root > 1e-4 ? -b + root : Infinity;
}

function trace(from: Vec, direction: Vec): Hit | undefined {
  let nearest = direction[1] < 0 ? -from[1] / direction[1] : Infinity;
  if (nearest < 1e-4 || nearest > 60) nearest = Infinity;
  let found: Ball | undefined;
  for (const ball of BALLS) {
    const distance = hitBall(ball, from, direction);
    if (distance < nearest) {
      nearest = distance;
      found = ball;
    }
  }
  if (nearest === Infinity) return undefined;
  const point = add(from, mul(direction, nearest));
  if (found === undefined)
    return { distance: nearest, point, normal: [0, 1, 0], colour: wood(point), finish: 1 };
  const normal = unit(sub(point, found.at));
  return { distance: nearest, point, normal, colour: found.colour(point, normal), finish: found.finish };
}

function scatter(normal: Vec): Vec {
  const z = random() * 2 - 1;
  const angle = random() * 2 * Math.PI;
  const r = Math.sqrt(1 - z * z);
  return unit(add(normal, [r * Math.cos(angle), r * Math.sin(angle), z * 0.999]));
}

const reflect = (d: Vec, n: Vec): Vec => sub(d, mul(n, 2 * dot(d, n)));
const schlick = (cosine: number, r0: number): number => r0 + (1 - r0) * (1 - cosine) ** 5;

function throughGlass(direction: Vec, hit: Hit): Vec {
  const inside = dot(direction, hit.normal) > 0;
  const normal = inside ? mul(hit.normal, -1) : hit.normal;
  const ratio = inside ? 1.5 : 1 / 1.5;
  const cosine = Math.min(1, -dot(direction, normal));
  const sine = ratio * Math.sqrt(1 - cosine * cosine);
  if (sine > 1 || random() < schlick(cosine, 0.04)) return reflect(direction, normal);
  const flatPart = mul(add(direction, mul(normal, cosine)), ratio);
  return unit(sub(flatPart, mul(normal, Math.sqrt(Math.max(0, 1 - dot(flatPart, flatPart))))));
}

/** The next direction at a hit, and how much light it carries. */
function bounce(direction: Vec, hit: Hit): { direction: Vec; share: Vec } {
  if (hit.finish === 3) return { direction: throughGlass(direction, hit), share: hit.colour };
  const mirror = reflect(direction, hit.normal);
  const blur = (amount: number): Vec => unit(add(mirror, mul(scatter(hit.normal), amount)));
  if (hit.finish === 2) return { direction: blur(0.03), share: hit.colour };
  const gloss = schlick(Math.min(1, -dot(direction, hit.normal)), hit.point[1] < 1e-3 ? 0.025 : 0.045);
  if (hit.finish === 1 && random() < gloss)
    return { direction: blur(hit.point[1] < 1e-3 ? 0.22 : 0.06), share: [1, 1, 1] };
  return { direction: scatter(hit.normal), share: hit.colour };
}

function radiance(start: Vec, towards: Vec): Vec {
  let from = start;
  let direction = towards;
  let share: Vec = [1, 1, 1];
  for (let depth = 0; depth < 9; depth++) {
    const hit = trace(from, direction);
    if (hit === undefined) return tint(share, light(direction));
    const next = bounce(direction, hit);
    share = tint(share, next.share);
    const strength = Math.max(share[0], share[1], share[2]);
    if (depth > 3) {
      if (random() > strength) return [0, 0, 0];
      share = mul(share, 1 / strength);
    }
    direction = next.direction;
    from = add(hit.point, mul(direction, 1e-4));
  }
  return [0, 0, 0];
}

const EYE: Vec = [0.25, 1.75, -6.4];
const FORWARD = unit(sub([0.05, 0.52, 0], EYE));
const RIGHT = unit(cross([0, 1, 0], FORWARD));
const UP = cross(FORWARD, RIGHT);
const FOCUS = 6.1;

function ray(x: number, y: number): Vec {
  const u = ((x + random()) / WIDTH - 0.5) * 0.92;
  const v = (0.5 - (y + random()) / HEIGHT) * 0.92 * (HEIGHT / WIDTH);
  const focus = add(EYE, mul(unit(add(FORWARD, add(mul(RIGHT, u), mul(UP, v)))), FOCUS));
  const angle = random() * 2 * Math.PI;
  const radius = Math.sqrt(random()) * 0.085;
  const lens = add(EYE, add(mul(RIGHT, radius * Math.cos(angle)), mul(UP, radius * Math.sin(angle))));
  const colour = radiance(lens, unit(sub(focus, lens)));
  // One lucky path must not leave a white speck.
  return [Math.min(colour[0], 12), Math.min(colour[1], 12), Math.min(colour[2], 12)];
}

/** A filmic tone curve in Hable's form: dark stays dark, light bends towards white. */
const curve = (c: number): number => (c * (0.15 * c + 0.05) + 0.004) / (c * (0.15 * c + 0.5) + 0.06) - 0.0667;

/** The film: curve, gamma and a little grain. */
function develop(value: number): number {
  const exposed = Math.max(0, curve(value * 2.7) / curve(11.2));
  const grain = (random() + random() + random() - 1.5) * 0.008;
  return Math.max(0, Math.min(255, Math.round((exposed ** (1 / 2.2) + grain) * 255)));
}

function expose(x: number, y: number): Vec {
  let sum: Vec = [0, 0, 0];
  for (let sample = 0; sample < SAMPLES; sample++) sum = add(sum, ray(x, y));
  const dx = x / WIDTH - 0.5;
  const dy = y / HEIGHT - 0.5;
  const vignette = 1 - 0.75 * (dx * dx + dy * dy);
  return mul(sum, vignette / SAMPLES);
}

const image = new (createJimp({ formats: [jpeg] }))({ width: WIDTH, height: HEIGHT, color: 0x000000ff });
for (let y = 0; y < HEIGHT; y++) {
  for (let x = 0; x < WIDTH; x++) {
    const colour = expose(x, y);
    const offset = (y * WIDTH + x) * 4;
    for (let c = 0; c < 3; c++) image.bitmap.data[offset + c] = develop(colour[c] ?? 0);
  }
  if (y % 100 === 0) process.stderr.write(`row ${String(y)} of ${String(HEIGHT)}\n`);
}
writeFileSync(join(import.meta.dirname, "photo.jpg"), await image.getBuffer("image/jpeg", { quality: 88 }));

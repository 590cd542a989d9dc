#!/usr/bin/python3
"""Simulates people who hold a board with a motion sensor and make gestures: punch, wave, circle, chop, and rest.

    simulate.py                          samples/<gesture>/<subject>_<number>.csv, 30 people, 8 recordings of each gesture
    simulate.py --session long.csv       one recording of somebody else who makes one gesture after another
    simulate.py --plot gestures.svg      one recording of each gesture, with the arm that made it

The arm. x is forward, y left, z up, the origin where the shoulder is at rest. The upper arm has azimuth, elevation and
roll, the elbow one angle, the forearm pronation; the trunk moves the shoulder forward. Each of these six goes from
posture to posture by minimum jerk (Flash and Hogan 1985, "The coordination of arm movements"), and waves and circles are
sines upon it. To all comes what no hand can help: sway below 1 Hz and tremor of 8 to 12 Hz.

The sensor. Forward kinematics at 1 kHz give the place and the orientation of the hand. The second derivative of the
place, plus gravity, turned into the sensor's frame, is what an accelerometer feels; the rotation between two instants is what a
gyroscope does. Ten of them are averaged into a reading at 100 Hz, which gets a bias (of the board: of the subject), noise, and
the steps and limits of +-4 g and +-2000 deg/s.

Everybody has arms of their own length, a tempo, a reach, a way to begin and to end each gesture, a way to hold the board, and
one in ten is left-handed. No repetition is like another. The same seed gives the same files, and `--subjects 4` the
first four people of `--subjects 30`.

Needs NumPy (Debian: python3-numpy).
"""
import argparse
import pathlib
import zlib

import numpy as np

GESTURES = ["punch", "wave", "circle", "chop", "rest"]

RATE_HZ = 100
FINE = 10            # instants simulated for each reading
SECONDS = 1.5        # of a recording
GRAVITY = 9.80665    # m/s2

# LSM9DS1 and LSM6DS3 at +-4 g and +-2000 deg/s, from their datasheets: 0.122 mg and 70 mdps a step. Typical zero offsets
# are 90 and 40 mg, 30 and 10 deg/s; boards are assumed to be the better one. Noise is that of 50 Hz of bandwidth.
ACCELERATION_STEP_G, TURN_STEP_DPS = 0.000122, 0.070
ACCELERATION_BIAS_G, TURN_BIAS_DPS = 0.040, 10.0
ACCELERATION_NOISE_G, TURN_NOISE_DPS = 0.0017, 0.14

# A posture: what the six joints are at. Degrees, and metres for the reach.
AZIMUTH, ELEVATION, ROLL, ELBOW, PRONATION, REACH = range(6)
HANGING = [0, -78, 0, 20, 0, 0]
GUARD = [5, -55, 0, 125, -20, 0]      # fists before the chest
STRUCK = [10, -8, 5, 12, 70, 0.10]    # arm out, fist turned
GREETING = [-25, -25, 0, 95, 10, 0]
POINTING = [5, -12, 0, 25, 0, 0]
RAISED = [0, 55, 0, 85, 0, 0]
CHOPPED = [10, -35, 0, 25, 0, 0.06]
# What an arm does when it makes no gesture: hangs, lies in the lap, holds a cup, and is on its way to or from a gesture.
RESTING = [HANGING, [15, -70, -15, 90, 0, 0], [10, -60, -40, 105, 20, 0], [5, -45, 0, 70, 0, 0], GUARD, POINTING, GREETING,
           CHOPPED]


def random_of(*key):
    """A source of its own for each thing, so that fewer or more of the others change nothing."""
    return np.random.default_rng([zlib.crc32(part.encode()) if isinstance(part, str) else part for part in key])


class Subject:
    """What stays the same of a person from one repetition to the next."""

    def __init__(self, seed, number, grip_degrees):
        random = random_of(seed, "subject", number)
        self.seed, self.number = seed, number
        size = random.normal(1, 0.07)
        self.upper_arm_m = 0.30 * size * random.normal(1, 0.03)
        self.forearm_m = 0.33 * size * random.normal(1, 0.03)      # elbow to the board in the hand
        self.tempo = np.exp(random.normal(0, 0.18))                # above 1: slow
        self.range = np.exp(random.normal(0, 0.15))                # how far movements go
        self.habits = {g: random.normal(0, 1, (2, 6)) * [8, 8, 10, 9, 12, 0.01] for g in GESTURES}
        self.left_handed = random.random() < 0.1
        self.twist = random.uniform(0, 1)                          # how much of the punch's turn they make
        self.clockwise = random.random() < 0.7
        self.upright = random.uniform(0.7, 1.4)                    # the circle's height to its width
        self.wave_hz = random.uniform(1.2, 2.6)
        self.tremor_deg = random.uniform(0.002, 0.012)             # 0.01 to 0.05 g in the hand
        self.grip = turn_about(random.normal(size=3), grip_degrees * random.normal())
        self.bias_g = ACCELERATION_BIAS_G * random.normal(size=3)
        self.bias_dps = TURN_BIAS_DPS * random.normal(size=3)


# --- Rotations, as stacks [..., 3, 3]


def turn(axis, degrees):
    """Rotation about the axis x (0), y (1) or z (2)."""
    a = np.radians(np.asarray(degrees, float))
    c, s = np.cos(a), np.sin(a)
    matrix = np.zeros(a.shape + (3, 3))
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrix[..., axis, axis] = 1
    matrix[..., i, i], matrix[..., j, j] = c, c
    matrix[..., i, j], matrix[..., j, i] = -s, s
    return matrix


def turn_about(direction, degrees):
    """Rotation about any direction: Rodrigues' formula."""
    x, y, z = np.asarray(direction) / np.linalg.norm(direction)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    a = np.radians(degrees)
    return np.eye(3) + np.sin(a) * cross + (1 - np.cos(a)) * cross @ cross


# --- From intentions to angles


def minimum_jerk(share):
    s = np.clip(share, 0, 1)
    return s**3 * (10 - 15 * s + 6 * s * s)


def through(t, keys):
    """Postures over time [instants, 6] from (seconds, posture) in order; still before the first and after the last."""
    angles = np.repeat(np.asarray(keys[0][1], float)[None], len(t), 0)
    for (t0, a), (t1, b) in zip(keys, keys[1:]):
        angles += minimum_jerk((t - t0) / (t1 - t0))[:, None] * (np.asarray(b, float) - a)
    return angles


def swing(t, start, end, hz, phase=0.0):
    """A sine that swells and fades within half a period."""
    fade = 0.5 / hz
    envelope = minimum_jerk((t - start) / fade) * minimum_jerk((end - t) / fade)
    return envelope * np.sin(2 * np.pi * hz * (t - start) + phase)


def unsteadiness(t, subject, random):
    """Sway and tremor of each joint, as sines of random phase."""
    angles = np.zeros((len(t), 6))
    for hz, degrees in [(0.3, 1.2), (0.7, 0.7), (random.uniform(8, 10), subject.tremor_deg),
                        (random.uniform(10, 12), subject.tremor_deg)]:
        phases, sizes = random.uniform(0, 2 * np.pi, 5), random.normal(0, degrees, 5)
        angles[:, :5] += sizes * np.sin(2 * np.pi * hz * t[:, None] + phases)
    return angles


def between(subject, random, gesture, start, end, scale=1.0):
    """Two postures as this person takes them this time. The way from one to the other is longer or shorter by habit and mood."""
    habit = subject.habits[gesture]
    mood = random.normal(0, 1, (2, 6)) * [3, 3, 3, 4, 4, 0.005]
    a, b = np.array(start) + habit[0] + mood[0], np.array(end) + habit[1] + mood[1]
    return a, a + (b - a) * scale * subject.range * random.uniform(0.85, 1.15)


def punch(t, t0, subject, random):
    end = list(STRUCK)
    end[PRONATION] = GUARD[PRONATION] + subject.twist * (STRUCK[PRONATION] - GUARD[PRONATION])
    guard, struck = between(subject, random, "punch", GUARD, end)
    out, stay, back = random.uniform(0.20, 0.32), random.uniform(0, 0.08), random.uniform(0.30, 0.50)
    times = t0 + np.cumsum([0, out, stay + 0.01, back]) * subject.tempo
    return through(t, list(zip(times, [guard, struck, struck, guard])))


def chop(t, t0, subject, random):
    raised, chopped = between(subject, random, "chop", RAISED, CHOPPED)
    lift, down, back = random.uniform(0.25, 0.40), random.uniform(0.22, 0.36), random.uniform(0.4, 0.7)
    times = t0 + np.cumsum([0, lift, 0.03, down, 0.05, back]) * subject.tempo
    low = raised + 0.8 * (chopped - raised)
    return through(t, list(zip(times, [low, raised, raised, chopped, chopped, low])))


def wave(t, t0, subject, random):
    arm, _ = between(subject, random, "wave", GREETING, GREETING)
    angles = np.repeat(arm[None], len(t), 0)
    hz, size = subject.wave_hz * random.uniform(0.9, 1.1), 25 * subject.range * random.uniform(0.8, 1.2)
    side = swing(t, t0 - 0.5, t0 + random.uniform(1.0, 2.0), hz, random.uniform(0, 2 * np.pi))
    angles[:, ROLL] += size * side
    angles[:, AZIMUTH] += 0.2 * size * side
    return angles


def circle(t, t0, subject, random):
    arm, _ = between(subject, random, "circle", POINTING, POINTING)
    angles = np.repeat(arm[None], len(t), 0)
    hz = 1.0 / (random.uniform(0.6, 0.95) * subject.tempo)
    size, phase = 18 * subject.range * random.uniform(0.8, 1.2), random.uniform(0, 2 * np.pi)
    start, end = t0 - 0.3, t0 + random.uniform(1.3, 2.2)
    angles[:, AZIMUTH] += size * swing(t, start, end, hz, phase)
    quarter = np.pi / 2 if subject.clockwise else -np.pi / 2
    angles[:, ELEVATION] += size * subject.upright * swing(t, start, end, hz, phase + quarter)
    return angles


def rest(t, t0, subject, random):
    """Nothing, or from one posture to another and on to a third: an arm that is taken down, a look at a watch."""
    postures = [between(subject, random, "rest", RESTING[i], RESTING[i])[0] for i in random.permutation(len(RESTING))[:3]]
    if random.random() < 0.3:
        return through(t, [(0, postures[0])])
    moves = random.uniform(0.5, 1.3, 2) * subject.tempo
    times = t0 + random.uniform(-1.2, 0.5) + np.cumsum([0, moves[0], random.uniform(0.1, 0.6), moves[1]])
    return through(t, list(zip(times, [postures[0], postures[1], postures[1], postures[2]])))


MOVE = {"punch": punch, "wave": wave, "circle": circle, "chop": chop, "rest": rest}


# --- From angles to readings


def arm_of(angles, subject):
    """Places [instants, 3] of shoulder, elbow and hand, and the hand's orientation [instants, 3, 3]."""
    side = -1 if subject.left_handed else 1  # the mirror image of a right arm
    upper = (turn(2, side * angles[:, AZIMUTH]) @ turn(1, -angles[:, ELEVATION]) @ turn(0, side * angles[:, ROLL]))
    fore = upper @ turn(1, -angles[:, ELBOW]) @ turn(0, side * angles[:, PRONATION])
    shoulder = angles[:, REACH, None] * [1, 0, 0]
    elbow = shoulder + subject.upper_arm_m * upper[:, :, 0]
    hand = elbow + subject.forearm_m * fore[:, :, 0]
    return shoulder, elbow, hand, fore


def felt(hand, orientation, step_s):
    """What ideal sensors in the hand feel: acceleration in g and turns in deg/s, [instants - 2, 3] each."""
    acceleration = (hand[2:] - 2 * hand[1:-1] + hand[:-2]) / step_s**2 + [0, 0, GRAVITY]
    mine = np.swapaxes(orientation, 1, 2)
    rate = mine[1:-1] @ (orientation[2:] - orientation[:-2]) / (2 * step_s)
    turns = np.stack([rate[:, 2, 1], rate[:, 0, 2], rate[:, 1, 0]], 1)
    return np.einsum("tij,tj->ti", mine[1:-1], acceleration) / GRAVITY, np.degrees(turns)


def measured(values, bias, noise, step, random):
    """Averaged down to the sensor's rate, with its faults, in its steps, within its 16 bits."""
    values = values.reshape(-1, FINE, 3).mean(1)
    values = values + bias + noise * random.normal(size=values.shape)
    return np.clip(np.round(values / step), -32768, 32767) * step


def instants(seconds):
    return np.arange(-1, round(seconds * RATE_HZ) * FINE + 1) / (RATE_HZ * FINE)  # one more at either end


def readings(angles, subject, random):
    """[readings, 6]: ax, ay, az in g, gx, gy, gz in deg/s."""
    _, _, hand, fore = arm_of(angles, subject)
    # The hand shifts its hold a little from time to time.
    grip = subject.grip @ turn_about(random.normal(size=3), 5 * random.normal())
    acceleration, turns = felt(hand, fore @ grip, 1 / (RATE_HZ * FINE))
    return np.hstack([
        measured(acceleration, subject.bias_g, ACCELERATION_NOISE_G, ACCELERATION_STEP_G, random),
        measured(turns, subject.bias_dps, TURN_NOISE_DPS, TURN_STEP_DPS, random)])


def gesture_angles(gesture, subject, number):
    random = random_of(subject.seed, "recording", gesture, subject.number, number)
    t = instants(SECONDS)
    t0 = random.uniform(0.1, 0.4)
    return MOVE[gesture](t, t0, subject, random) + unsteadiness(t, subject, random), random


def csv_text(values, labels=None):
    head = "t_ms,ax (g),ay (g),az (g),gx (deg/s),gy (deg/s),gz (deg/s)" + (",label" if labels else "")
    lines = [head]
    for i, row in enumerate(values):
        line = f"{i * 1000 // RATE_HZ}," + ",".join(f"{x:.3f}" for x in row[:3]) + "," + ",".join(f"{x:.2f}" for x in row[3:])
        lines.append(line + ("," + labels[i] if labels else ""))
    return "\n".join(lines) + "\n"


def write_samples(folder, seed, subjects, recordings, grip_degrees):
    for number in range(1, subjects + 1):
        subject = Subject(seed, number, grip_degrees)
        for gesture in GESTURES:
            for i in range(1, recordings + 1):
                angles, random = gesture_angles(gesture, subject, i)
                path = folder / gesture / f"s{number:02}_{i:02}.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(csv_text(readings(angles, subject, random)))
    print(f"{subjects} people, {subjects * len(GESTURES) * recordings} recordings of {SECONDS} s in {folder}")


# --- A session: gestures one after another, with pauses and all that is between


def write_session(path, seed, grip_degrees, person=1000):
    """Between two gestures the arm is let down and raised again; what is felt then is called rest, too."""
    subject, random = Subject(seed, person, grip_degrees), random_of(seed, "session", person)
    order = ["punch", "chop", "wave", "punch", "circle", "chop", "circle", "wave"]
    pause_s, length_s, raise_s = 1.8, 2.0, 0.7
    t = instants(pause_s + len(order) * (length_s + pause_s))
    angles = np.repeat(np.array(HANGING, float)[None], len(t), 0)
    labels = np.full(len(t), "rest", dtype=object)
    for i, gesture in enumerate(order):
        local = t - pause_s - i * (length_s + pause_s)
        share = minimum_jerk((local + raise_s) / raise_s) * minimum_jerk((length_s + raise_s - local) / raise_s)
        angles += share[:, None] * (MOVE[gesture](local, 0.25, subject, random) - HANGING)
        labels[(local >= 0) & (local < length_s)] = gesture
    angles += unsteadiness(t, subject, random)
    path.write_text(csv_text(readings(angles, subject, random), list(labels[1:-1][FINE // 2::FINE])))
    print(f"{path}: " + ", ".join(f"{g} at {pause_s + i * (pause_s + length_s):.1f} s" for i, g in enumerate(order)))


# --- A picture, in plain SVG

STYLE = """<style>
  svg { color-scheme: light dark; --ink: #22262e; --soft: #667080; --paper: #fbfaf7; --line: #c9cdd3;
    --x: #d0643a; --y: #228770; --z: #4a78b5; }
  @media (prefers-color-scheme: dark) { svg { --ink: #e8e6e1; --soft: #9aa3b0; --paper: #16191f; --line: #3b424d;
    --x: #e57b50; --y: #4ebea0; --z: #7ba4d9; } }
  text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); }
  .soft { fill: var(--soft); } .bold { font-weight: bold; font-size: 15px; }
  .paper { fill: var(--paper); stroke: var(--line); } .grid { stroke: var(--line); fill: none; }
  .x, .y, .z, .arm, .path { fill: none; stroke-width: 1.4; stroke-linejoin: round; stroke-linecap: round; }
  .x { stroke: var(--x); } .y { stroke: var(--y); } .z { stroke: var(--z); }
  .arm { stroke: var(--ink); stroke-width: 2.4; } .path { stroke: var(--x); } .body { fill: none; stroke: var(--soft); }
</style>"""


def points(xs, ys):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys))


def polyline(kind, xs, ys, more=""):
    return f'<polyline class="{kind}" points="{points(xs, ys)}"{more}/>'


def arm_drawing(angles, subject, left, top):
    """Seen from the person's right and a little from the front: the arm at seven instants, the later the stronger."""
    view = turn(0, 12) @ turn(2, -32)
    shoulder, elbow, hand, _ = arm_of(angles, subject)

    def place(p):
        q = p @ view.T
        return left + 42 + 150 * q[..., 0], top + 72 - 150 * q[..., 2]

    body = np.array([[0, 0.0, 0.0], [0, 0.05, -0.42]])
    head_x, head_y = place(np.array([0.0, 0.12, 0.22]))
    parts = [f'<circle class="body" cx="{head_x:.1f}" cy="{head_y:.1f}" r="12"/>', polyline("body", *place(body))]
    moments = np.linspace(0, len(angles) - 1, 7).astype(int)
    for shade, i in zip(np.linspace(0.12, 1, 7), moments):
        xs, ys = place(np.array([shoulder[i], elbow[i], hand[i]]))
        parts.append(polyline("arm", xs, ys, f' opacity="{shade:.2f}"'))
    parts.append(polyline("path", *place(hand[:: 2 * FINE])))
    return parts


def curves(values, limit, left, top, width, height):
    parts = [f'<path class="grid" d="M{left} {top + height / 2}h{width}"/>']
    xs = left + np.arange(0, len(values), 2) * width / len(values)
    for axis, name in enumerate("xyz"):
        parts.append(polyline(name, xs, top + height / 2 * (1 - values[::2, axis] / limit)))
    return parts


def write_plot(path, seed, grip_degrees, person=3):
    subject, column, left = Subject(seed, person, grip_degrees), 184, 70
    width, height = left + len(GESTURES) * column + 10, 440
    parts = []
    for i, gesture in enumerate(GESTURES):
        angles, random = gesture_angles(gesture, subject, 1)
        values, x = readings(angles, subject, random), left + i * column
        parts.append(f'<text class="bold" x="{x}" y="34">{gesture}</text>')
        parts += arm_drawing(angles, subject, x, 66)
        parts += curves(values[:, :3], 4, x, 212, column - 24, 92)
        parts += curves(values[:, 3:], 800, x, 316, column - 24, 92)
        parts.append(f'<text class="soft" x="{x}" y="424">0</text>'
                     f'<text class="soft" x="{x + column - 24}" y="424" text-anchor="end">{SECONDS} s</text>')
    for top, limit, unit in [(212, 4, "g"), (316, 800, "deg/s")]:
        for share, label in [(0.06, f"+{limit}"), (0.5, "0"), (0.97, f"-{limit}")]:
            parts.append(f'<text class="soft" x="{left - 8}" y="{top + share * 92 + 4:.0f}" text-anchor="end">{label}</text>')
        parts.append(f'<text class="soft" x="12" y="{top + 28}">{unit}</text>')
    key = " · ".join(f'<tspan style="fill: var(--{a})">{a}</tspan>' for a in "xyz")
    parts.append(f'<text class="soft" x="{width - 20}" y="34" text-anchor="end">{key}</text>')
    says = "The arm, the acceleration and the turns of one recording of each gesture: " + ", ".join(GESTURES)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{says}">\n{STYLE}\n<rect class="paper" x="0.5" y="0.5" width="{width - 1}" '
        f'height="{height - 1}" rx="10"/>\n' + "\n".join(parts) + "\n</svg>\n")
    print(f"{path}: person {person}, the first recording of each gesture")


def main():
    about, usage = __doc__.split("\n\n", 1)
    options = argparse.ArgumentParser(description=about, epilog=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--samples", type=pathlib.Path, default=pathlib.Path("samples"), help="where they go (samples)")
    options.add_argument("--subjects", type=int, default=30, help="people (30)")
    options.add_argument("--recordings", type=int, default=8, help="of each gesture by each person (8)")
    options.add_argument("--seed", type=int, default=1, help="another gives other people (1)")
    options.add_argument("--grip", type=float, default=20, metavar="DEGREES",
                         help="how differently people hold the board: the spread of its turn about any axis (20)")
    options.add_argument("--session", type=pathlib.Path, metavar="CSV", help="instead: a long recording of somebody else")
    options.add_argument("--plot", type=pathlib.Path, metavar="SVG", help="instead: a picture of each gesture")
    given = options.parse_args()
    if given.plot:
        write_plot(given.plot, given.seed, given.grip)
    elif given.session:
        write_session(given.session, given.seed, given.grip)
    else:
        write_samples(given.samples, given.seed, given.subjects, given.recordings, given.grip)


if __name__ == "__main__":
    main()

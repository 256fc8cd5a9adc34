local sqrt = math.sqrt
local SOLAR_MASS = 4 * 3.141592653589793 * 3.141592653589793
local YEAR = 365.24

local function planets()
  return {
    { x = 0, y = 0, z = 0, vx = 0, vy = 0, vz = 0, mass = SOLAR_MASS },
    {
      x = 4.841431442464721, y = -1.1603200440274284, z = -0.10362204447112311,
      vx = 0.001660076642744037 * YEAR, vy = 0.007699011184197404 * YEAR, vz = -0.0000690460016972063 * YEAR,
      mass = 0.0009547919384243266 * SOLAR_MASS,
    },
    {
      x = 8.34336671824458, y = 4.124798564124305, z = -0.4035234171143214,
      vx = -0.00276742510726411 * YEAR, vy = 0.004998528012349172 * YEAR, vz = 0.000023041729757376393 * YEAR,
      mass = 0.0002858859806661308 * SOLAR_MASS,
    },
    {
      x = 12.894369562139131, y = -15.111151401698631, z = -0.22330757889265573,
      vx = 0.002964601375647616 * YEAR, vy = 0.0023784717395948095 * YEAR, vz = -0.000029658956854023756 * YEAR,
      mass = 0.00004366244043351563 * SOLAR_MASS,
    },
    {
      x = 15.379697114850917, y = -25.919314609987964, z = 0.17925877295037118,
      vx = 0.0026806777249038932 * YEAR, vy = 0.001628241700382423 * YEAR, vz = -0.00009515922545197159 * YEAR,
      mass = 0.000051513890204661145 * SOLAR_MASS,
    },
  }
end

local function bring_to_rest(bodies)
  local px, py, pz = 0, 0, 0
  for _, b in ipairs(bodies) do
    px = px + b.vx * b.mass
    py = py + b.vy * b.mass
    pz = pz + b.vz * b.mass
  end
  local sun = bodies[1]
  sun.vx = -px / SOLAR_MASS
  sun.vy = -py / SOLAR_MASS
  sun.vz = -pz / SOLAR_MASS
end

local function advance(bodies, dt)
  local n = #bodies
  for i = 1, n do
    local a = bodies[i]
    for j = i + 1, n do
      local b = bodies[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      local d2 = dx * dx + dy * dy + dz * dz
      local mag = dt / (d2 * sqrt(d2))
      local pull, push = b.mass * mag, a.mass * mag
      a.vx = a.vx - dx * pull
      a.vy = a.vy - dy * pull
      a.vz = a.vz - dz * pull
      b.vx = b.vx + dx * push
      b.vy = b.vy + dy * push
      b.vz = b.vz + dz * push
    end
    a.x = a.x + dt * a.vx
    a.y = a.y + dt * a.vy
    a.z = a.z + dt * a.vz
  end
end

local function energy(bodies)
  local e = 0
  for i, a in ipairs(bodies) do
    e = e + 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      e = e - (a.mass * b.mass) / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return e
end

function run(n)
  local bodies = planets()
  bring_to_rest(bodies)
  for _ = 1, n do advance(bodies, 0.01) end
  return energy(bodies)
end

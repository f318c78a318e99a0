/** Pictures of the dashboards, at every size and in both shades. */
import type { Browser, Page } from "playwright-core";
import { type CarMessage, DashboardBench, SIZES } from "../../test/e2e/dashboard-bench.ts";
import type { FlowNode } from "../../test/e2e/flows.ts";
import { until } from "../../test/e2e/net.ts";
import type { Shelf } from "./shelf.ts";

type Size = keyof typeof SIZES;
const ALL_SIZES = Object.keys(SIZES) as Size[];

/** Colours of a dark theme, as docs/dashboard.md gives them. */
export const DARK = {
  surface: "#10262e",
  primary: "#22b8cf",
  bgPage: "#0b1418",
  groupBg: "#142229",
  groupOutline: "#24363f",
};

/** A page of a dashboard, and what must stand in it before its picture is taken. */
interface Shot {
  path: string;
  name: string;
  /** `light desktop` is enough for a page that shows nothing that has not been seen, `light wall` for one that hangs there. */
  looks: "all" | "light desktop" | "light wall";
  ready(page: Page): Promise<void>;
}

const draws = (wanted: string, leastA: number) => (car: CarMessage) =>
  car.chargePoint === wanted && Math.max(...car.payload.currentA) > leastA;

/** Names of the pages of the example "10 - Facility dashboard". */
const FACILITY = ["facility", "by-hand", "history", "sessions", "badges", "wall"];

/** Of that example. */
export async function facilityPictures(browser: Browser, shelf: Shelf): Promise<void> {
  if (!FACILITY.some((name) => shelf.wants(`dashboard-${name}`))) return;
  const bench = await DashboardBench.start("5", "10 - Facility dashboard.json", browser);
  try {
    await bench.press("Everybody cooks", { loadA: [18, 12, 15] });
    await bench.car("cars charge", draws("CP5", 5), 60_000);
    await byHand(bench);
    await addBadge(bench);
    await someHistory(bench);
    const shots: Shot[] = [
      { path: "/now", name: "facility", looks: "all", ready: nowIsThere },
      { path: "/by-hand", name: "by-hand", looks: "light desktop", ready: hasText("End now") },
      { path: "/history", name: "history", looks: "light desktop", ready: historyIsThere },
      { path: "/sessions", name: "sessions", looks: "light desktop", ready: hasText("unplugged") },
      { path: "/wall", name: "wall", looks: "light wall", ready: hasText("as of") },
      { path: "/badges", name: "badges", looks: "light desktop", ready: hasText("Night watch") },
    ];
    await takeAll(bench, shots, shelf);
  } finally {
    await bench.stop();
  }
}

/** A proof has gone up once by then. */
const PROVEN_MS = 50_000;
const PROOF = "dashboard-proof-phone-light";
const DRILL = "dashboard-drill-phone-light";
/** All that a drill has shown stands on so long a phone, px. */
const LONG_PX = 1500;

/** Of the same example, as an electrician sees it: a wiring is being proven, and a drill was held. */
export async function commissioningPictures(browser: Browser, shelf: Shelf): Promise<void> {
  if (![PROOF, DRILL].some((name) => shelf.wants(name))) return;
  const bench = await DashboardBench.start("5", "10 - Facility dashboard.json", browser);
  try {
    const flow = (await bench.nodeRed.get("/flows")) as FlowNode[];
    const admins = flow.map((node) => (node.type === "ev-site" ? { ...node, otherUsers: "admin" } : node));
    await bench.nodeRed.deploy(admins, "nodes");
    await bench.press("Everybody cooks", { loadA: [18, 12, 15] });
    const page = await bench.open("/operations", "phone");
    if (shelf.wants(PROOF)) await proof(page, shelf);
    if (shelf.wants(DRILL)) await drill(page, shelf);
  } finally {
    await bench.stop();
  }
}

async function proof(page: Page, shelf: Shelf): Promise<void> {
  const charger = page.locator(".ev-choose > li", { hasText: "CP4" });
  await charger.locator(".ev-pick").click();
  await charger.locator('button[name="prove"]').click();
  await charger.locator('button[name="startProof"]:enabled').click({ timeout: 60_000 });
  await page.waitForTimeout(PROVEN_MS);
  await shelf.take(PROOF, page);
  await charger.locator('button[name="abortProof"]').click();
}

async function drill(page: Page, shelf: Shelf): Promise<void> {
  const drills = page.locator(".ev-drills");
  await drills.locator('button[value="limit"]').click();
  await drills.locator('select[name="drillTarget"]').selectOption({ label: "Building" });
  await drills.locator('input[name="drillPower"]').fill("8000");
  await until(
    "chargers have more than that",
    async () => {
      await drills.locator('button[name="startDrill"]').click();
      await page.waitForTimeout(1000);
      return (await page.locator(".ev-drilling").count()) > 0;
    },
    90_000,
  );
  await drills.locator(".ev-verdict").waitFor({ timeout: 90_000 });
  await page.setViewportSize({ width: SIZES.phone[0], height: LONG_PX });
  await page.waitForTimeout(1000);
  await shelf.take(DRILL, drills);
}

/** Of the example "11 - PV home with a page". */
export async function homePictures(browser: Browser, shelf: Shelf): Promise<void> {
  if (!shelf.wants("dashboard-home")) return;
  const bench = await DashboardBench.start("5", "11 - PV home with a page.json", browser);
  try {
    await bench.press("Sunny noon");
    await bench.car("the car charges with what the sun leaves over", draws("HOME", 25), 180_000);
    await takeAll(bench, [{ path: "/home", name: "home", looks: "all", ready: homeIsThere }], shelf);
  } finally {
    await bench.stop();
  }
}

async function takeAll(bench: DashboardBench, shots: readonly Shot[], shelf: Shelf): Promise<void> {
  for (const shade of ["light", "dark"] as const) {
    if (shade === "dark") await darken(bench);
    for (const { path, name, looks, ready } of shots) {
      for (const size of ALL_SIZES) {
        if (looks !== "all" && looks !== `${shade} ${size}`) continue;
        const picture = `dashboard-${name}-${size}-${shade}`;
        if (!shelf.wants(picture)) continue;
        const page = await bench.open(path, size);
        await ready(page);
        await shelf.take(picture, page);
        await page.context().close();
      }
    }
  }
}

async function darken({ nodeRed }: DashboardBench): Promise<void> {
  const flow = (await nodeRed.get("/flows")) as FlowNode[];
  const dark = flow.map((node) => (node.type === "ui-theme" ? { ...node, colors: DARK } : node));
  await nodeRed.deploy(dark, "nodes");
}

/** A decision that stands in the list. */
async function byHand(bench: DashboardBench): Promise<void> {
  const page = await bench.open("/by-hand");
  await page.locator('form select[name="target"]').selectOption({ label: "CP3" });
  await page.locator('form [name="limitA"]').fill("8");
  await page.locator('form [name="reason"]').fill("the cable gets warm");
  await page.locator('form button[type="submit"]').click();
  await hasText("End now")(page);
  await page.context().close();
}

async function addBadge(bench: DashboardBench): Promise<void> {
  const page = await bench.open("/badges");
  await page.locator('form [name="idTag"]').fill("04A1B2C3");
  await page.locator('form [name="comment"]').fill("Night watch");
  await page.locator('form button[type="submit"]').first().click();
  await hasText("Night watch")(page);
  await page.context().close();
}

/** Some energy for everybody, a charge that is over, and load that was not always the same. */
async function someHistory(bench: DashboardBench): Promise<void> {
  const page = await bench.open("/now");
  const ana = page.locator(".ev-today tbody tr", { hasText: "Ana Costa" }).locator("td").last();
  const reached = (kWh: number) => () => ana.textContent().then((text) => Number(text) >= kWh);
  await until("some energy", reached(0.1), 180_000);
  await bench.press("Everybody cooks", { loadA: [30, 22, 26] });
  await bench.press("CP2 unplugs");
  await until("more energy", reached(0.2), 180_000);
  await page.context().close();
}

async function nowIsThere(page: Page): Promise<void> {
  await page.locator(".ev-zone").first().waitFor();
  await hasText("Nothing is wrong.")(page);
  await hasText("Charging.")(page);
  await page.locator(".ev-today tbody tr").first().waitFor();
}

async function homeIsThere(page: Page): Promise<void> {
  await page.getByText(/0\.[1-9] kWh, charges: 1/).waitFor({ timeout: 180_000 });
}

async function historyIsThere(page: Page): Promise<void> {
  await page.locator(".ev-chart path").nth(5).waitFor({ state: "attached", timeout: 30_000 });
}

const hasText =
  (text: string) =>
  (page: Page): Promise<void> =>
    page.getByText(text).first().waitFor({ state: "attached", timeout: 30_000 });

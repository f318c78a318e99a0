import { onItsPage, readOnly, writable } from "./notation.ts";
import type { VendorKey } from "./types.ts";

/**
 * Settings of the Bender charge controllers: the keys that are known over OCPP, then those of its pages (access `local`), in the
 * words of the manual of the Powerstation TWO and of the CC612 manual (D00325).
 */
export const BENDER_KEYS: readonly VendorKey[] = [
  writable("OperatorCurrentLimit", { unit: "A", range: "0..installation current limit" }),
  writable("OperatorCurrentLimit_2", {
    unit: "A",
    range: "0..installation current limit",
  }),
  readOnly("ChargePointVendor", { range: "text" }),
  readOnly("ChargePointModel", {
    range: "text",
  }),
  readOnly("FirmwareVersion_2", { range: "text" }),
  writable("RCMBDelta", {
    unit: "0.1 mA",
    range: "0..999",
  }),
  readOnly("RCMB_STATE", {
    range: "text",
  }),
  readOnly("RCMBTransactionMaxRMS", { unit: "mA" }),
  readOnly("RCMBTransactionMaxDC", { unit: "mA" }),
  readOnly("WeldCheck", { range: "0..2" }),
  readOnly("WeldCheckInType", { range: "0..1" }),
  readOnly("SSHAccessUsb", { range: "0..1" }),
  readOnly("SSHAccessWlanNetwork", { range: "0..1" }),
  onItsPage(
    "Installation Current Limit",
    "Limit of the installation, set by the installer; below the hardware's maximum.",
    { unit: "A", range: "0..maximum current" },
  ),
  onItsPage(
    "Current carrying capacity of the supply line",
    "Limit of the feed that two controllers of one charge point share.",
    { unit: "A", range: "0..hardware limit" },
  ),
  onItsPage("EVSE Sub-Distribution Limit", "Current per phase that the controller's own DLM shares.", {
    unit: "A",
    range: "0..main fuse",
  }),
  onItsPage("Operator EVSE Sub-Distribution Limit", "Operator's limit below the former.", {
    unit: "A",
    range: "0..EVSE Sub-Distribution Limit",
  }),
  onItsPage("Main Distribution Limit", "Current per phase of the main fuse when an external meter is used.", {
    unit: "A",
    range: "0..main fuse",
  }),
  onItsPage("Minimum Current Limit", "Current below which charging is suspended; some cars need 8.", {
    unit: "A",
    range: "6..32",
  }),
  onItsPage("Disconnected Limit", "Current of a DLM slave that has lost its master.", { unit: "A", range: "0..32" }),
  onItsPage("Dynamic Load Management", "Role in the controller's own load management.", {
    range:
      "Off, DLM Master (With internal DLM-Slave), DLM Master, DLM Slave (Master-Auto-Discovery), DLM Slave (Master-Fixed-IP)",
  }),
  onItsPage("DLM Algorithm Sample Rate", "How often the own load management decides (30 as delivered).", { unit: "s" }),
  onItsPage("Current Imbalance Prevention", "Whether the own load management limits the difference between phases.", {
    range: "Off, On",
  }),
  onItsPage("External Meter Support", "Whether the own load management reads a meter.", { range: "Off, On" }),
  onItsPage("External meter location", "Whether that meter includes the charge points.", { range: "text" }),
  onItsPage("Power Source Voltage", "Voltage between a phase and neutral.", { unit: "V", range: "230 as delivered" }),
  onItsPage(
    "Phases connected to the ChargePoint",
    "Single-phase system, single-phase (IT ground) or three-phase system.",
    { range: "text" },
  ),
  onItsPage(
    "Phase rotation of the ChargePoint",
    "How the phases are connected; there is a second one for connector 2.",
    { range: "RST, STR, TRS, RTS, SRT, TSR" },
  ),
  onItsPage(
    "Master/Slave Mode",
    "Two controllers as one charge point: the master holds the connection, the slave is connector 2.",
    { range: "Off, Master, Slave" },
  ),
  onItsPage("WebSockets keep-alive interval", "Time between two pings from the controller; 0 = none, as delivered.", {
    unit: "s",
    range: "0..",
  }),
  onItsPage("Backend connection timeout", "How long the controller waits for an answer (60 as delivered).", {
    unit: "s",
  }),
  onItsPage(
    "TCP Watchdog Timeout",
    "The controller restarts after so long without a backend; 0 = never (10800 as delivered).",
    { unit: "s", range: "0.." },
  ),
  onItsPage("Restart transaction after power loss", "Whether a charge goes on after a power cut.", {
    range: "Off, On",
  }),
  onItsPage("Display backend disconnect as error", "Whether the light shows a lost connection.", { range: "Off, On" }),
  onItsPage("Strategy for StatusNotification state transitions", "When the connector counts as occupied.", {
    range: "Occupied on Charging, Occupied on Authorized/Plugged",
  }),
  onItsPage("Preparing until state C", "Whether the status stays Preparing until the car takes current.", {
    range: "Off, On",
  }),
  onItsPage(
    "Send informative StatusNotifications",
    "Whether readings such as temperatures come as StatusNotification.",
    { range: "Off, On" },
  ),
  onItsPage("Vehicle connection timeout", "How long an accepted badge waits for the cable (45 as delivered).", {
    unit: "s",
  }),
  onItsPage("Send Authorize for RemoteStart", "Whether a remote start is checked like a badge.", { range: "Off, On" }),
  onItsPage("If in doubt allow charging", "What happens to unknown badges while the backend is away.", {
    range: "Off, On, Immediate Plug-in",
  }),
  onItsPage("Stop Transaction Mode", "What ends a transaction.", {
    range: "Normal, Stop only by disconnecting, Only by RFID/RemoteStop, Normal + Mode D + RCD Detected",
  }),
  onItsPage("Lock Actuator only if authorized", "When the cable is locked.", { range: "Off, On" }),
  onItsPage("Free Charging", "Charging without badges.", { range: "Off, On" }),
  onItsPage(
    "Free Charging Mode",
    "1 = no OCPP; 2, 3 = status only; 4, 5 = transactions with a fixed tag; 6 = transactions with the badge's UID.",
    { range: "1..6" },
  ),
  onItsPage("Rfid Tag for Free Charging with OCPP Full, fixed RFID modes", "The tag that modes 4 and 5 report.", {
    range: "text",
  }),
  onItsPage("RFID Tag letter case", "How badge numbers are written.", {
    range: "Lower Case, Upper Case, Lower Case Reversed Byte Order, Upper Case Reversed Byte Order",
  }),
  onItsPage("Enable OCPP whitelist", "Remember badges that the backend accepted.", { range: "Off, On" }),
  onItsPage("OCPP whitelist expiry mode", "How long they are remembered when the backend gives no expiry date.", {
    range: "End of epoch 2038, One year from now",
  }),
  onItsPage("Enable local whitelist", "The controller's own list of badges.", { range: "Off, On" }),
];

# SPDX-License-Identifier: GPL-2.0-or-later
"""openapi.json and the server say the same: the routes both ways, and each answer by its schema."""
import json
import re
import subprocess
import sys

from server import Server  # first: it knows the folder of the library
from officers import PASSPHRASE, Office

routes_program, serve_program, openapi_path = sys.argv[1:4]
with open(openapi_path, encoding="utf-8") as file:
	api = json.load(file)
failures = []


def fail(text):
	failures.append(text)


def compare_routes():
	lines = subprocess.run([routes_program], capture_output=True, text=True, check=True).stdout
	table = {tuple(line.split()[:2]): line.split()[2:] for line in lines.splitlines()}
	page = {(method.upper(), path): operation
		for path, operations in api["paths"].items() for method, operation in operations.items()}
	for route in sorted(table.keys() - page.keys()):
		fail(f"{route}: served, not described")
	for route in sorted(page.keys() - table.keys()):
		fail(f"{route}: described, not served")
	for route in table.keys() & page.keys():
		compare_route(route, page[route], *table[route])


def compare_route(route, operation, kind, roles):
	is_write = kind == "write"
	described = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
	if described != set(re.findall(r"{(\w+)}", route[1])):
		fail(f"{route}: parameters of the path {described}")
	if is_write != ("requestBody" in operation):
		fail(f"{route}: a write has a body, a read none")
	if operation.get("x-roles") != roles.split(","):
		fail(f"{route}: x-roles is not {roles.split(',')}")
	if is_write and "503" not in operation["responses"]:
		fail(f"{route}: a write can fail to be stored")


def resolve(schema):
	while "$ref" in schema:
		node = api
		for part in schema["$ref"].removeprefix("#/").split("/"):
			node = node[part]
		schema = node
	return schema


TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def validate(value, schema, where):
	"""The part of JSON Schema that openapi.json uses."""
	schema = resolve(schema)
	if value is None:
		if not schema.get("nullable"):
			fail(f"{where}: null")
		return
	if "anyOf" in schema:
		schema = next((one for one in schema["anyOf"] if type(value) is TYPES[one["type"]]), schema["anyOf"][0])
	kind = TYPES[schema["type"]]
	if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
		fail(f"{where}: {value!r} is no {schema['type']}")
		return
	if "enum" in schema and value not in schema["enum"]:
		fail(f"{where}: {value!r} is none of {schema['enum']}")
	if "pattern" in schema and not re.search(schema["pattern"], value):
		fail(f"{where}: {value!r} does not match {schema['pattern']}")
	if schema.get("format") == "date-time" and not re.fullmatch(
			r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", value):
		fail(f"{where}: {value!r} is no time")
	if kind is list:
		for i, item in enumerate(value):
			validate(item, schema["items"], f"{where}[{i}]")
	if kind is dict:
		validate_object(value, schema, where)


def validate_object(value, schema, where):
	for name in schema.get("required", []):
		if name not in value:
			fail(f"{where}: {name} is missing")
	for name, member in value.items():
		if name in schema.get("properties", {}):
			validate(member, schema["properties"][name], f"{where}.{name}")
		elif schema.get("additionalProperties") is False:
			fail(f"{where}: {name} is not described")


def check_answer(server, method, pattern, path, body, wanted):
	status, kind, answer = server.ask(method, path, body)
	where = f"{method} {path}"
	if status != wanted:
		fail(f"{where}: status {status}, not {wanted}: {answer}")
		return
	response = api["paths"][pattern][method.lower()]["responses"].get(str(status))
	if not response:
		fail(f"{where}: status {status} is not described")
		return
	if kind not in response["content"]:
		fail(f"{where}: type {kind}")
		return
	validate(answer, response["content"][kind]["schema"], where)
	seen.add((method, pattern))


seen = set()
NOW_S = 1795331109  # where the clock of http_serve stands
ANSWER = "/api/v1/reports/{n}/answer"
FILES = "/api/v1/reports/{n}/files"
RATING = "/api/v1/reports/{n}/rating"
ACCEPT = "/api/v1/modems/{n}/accept"
USSD = "/api/v1/modems/{n}/ussd"
JOURNAL = "/api/v1/modems/{n}/journal"
SETTLE = "/api/v1/outbox/{n}/settle"
PREVIEW = "/api/v1/sms/preview"
TOKEN = "/api/v1/zalo/token"
LOGIN = "/api/v1/zalo/login"
CODE = "/api/v1/zalo/login/code"
DOCTOR = "/api/v1/zalo/doctor"
SEEN = "/api/v1/zalo/gaps/{n}/seen"
FILE = "/api/v1/attachments/{n}"


def check_duty(server):
	def post(pattern, body, wanted, n="1"):
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	take, alarm = "/api/v1/reports/{n}/acknowledge", "/api/v1/duty/alarms/{n}/acknowledge"
	check_answer(server, "GET", "/api/v1/duty", "/api/v1/duty", None, 200)
	check_answer(server, "GET", "/api/v1/roster", "/api/v1/roster", None, 200)
	row = {"day": "mon", "from": "07:00", "to": "19:00", "rank": "1", "officer": "nobody-of-that-name", "instead_of": ""}
	post("/api/v1/roster", {"rows": [row, {}], "dry_run": True}, 200)
	post("/api/v1/roster", {"rows": []}, 200)
	post("/api/v1/roster", {"rows": 1}, 400)
	post("/api/v1/roster", {"rows": [row] * 501}, 413)
	post(take, {}, 404, "99")
	post(take, {"a": 1}, 400)
	post(RATING, {"urgency": "danger"}, 200)
	check_answer(server, "GET", "/api/v1/duty/alarms", "/api/v1/duty/alarms?limit=1", None, 200)
	number = str(server.ask("GET", "/api/v1/duty/alarms")[2]["alarms"][0]["number"])
	post(alarm, {"note": 1}, 400, number)
	post(alarm, {}, 400, "1")
	post(alarm, {}, 404, "100" if number != "100" else "101")
	post(take, {"note": "đang đến"}, 200)
	post(alarm, {}, 200, number)
	post(alarm, {}, 409, number)
	check_answer(server, "GET", "/api/v1/duty", "/api/v1/duty", None, 200)


def check_audit(server):
	def post(pattern, body, wanted, n="1"):
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	check_answer(server, "GET", "/api/v1/audit", "/api/v1/audit?limit=2", None, 200)
	check_answer(server, "GET", "/api/v1/audit", "/api/v1/audit?after=1", None, 200)
	check_answer(server, "GET", "/api/v1/audit", "/api/v1/audit?after=x", None, 400)
	check_answer(server, "GET", "/api/v1/events", "/api/v1/events", None, 200)
	check_answer(server, "GET", "/api/v1/audit/head", "/api/v1/audit/head", None, 200)
	check_answer(server, "GET", "/api/v1/audit/faults", "/api/v1/audit/faults", None, 200)
	post("/api/v1/audit/check", {"day": "22/11/2026", "head": "3F2A 91BC 77D0 1E5F"}, 200)
	post("/api/v1/audit/check", {"day": "22/11/2026", "head": "3F2A"}, 400)
	post("/api/v1/audit/check", {"day": "22/11"}, 400)
	post("/api/v1/audit/verify", {}, 200)
	post("/api/v1/audit/verify", {"a": 1}, 400)
	seen = "/api/v1/audit/faults/{n}/seen"
	post(seen, {"a": 1}, 400)
	post(seen, {}, 404, "9")
	post(seen, {}, 200)
	post(seen, {}, 409)


def check_tables(server):
	def post(what, text, wanted, query=""):
		path = f"/api/v1/{what}/import"
		check_answer(server, "POST", path, path + query, text.encode(), wanted)
	head = "phone,name,place,household\n"
	post("residents", head + "0900001003,Nguyễn Văn C,thon-3,12\n", 200, "?dry_run=yes")
	post("residents", head + "x,Nguyễn Văn C,thon-9,12\n", 200)
	post("residents", head + "0900001003,Nguyễn Văn C,Thôn 3,12\n", 200, "?dry_run=no")
	post("residents", head, 400, "?dry_run=1")
	post("residents", "x" * (4 * 1024 * 1024 + 1), 413)
	post("dossiers", "code,state,due\nHS-000123,Đang xử lý,25/11/2026\n", 200, "?dry_run=yes")
	post("dossiers", "code,state,due\nHS-000123,Đang xử lý,25/11/2026\n", 200)
	post("dossiers", "code,state\n1,x\n", 200)
	post("dossiers", "", 400, "?dry_run=maybe")
	post("dossiers", "x" * (2 * 1024 * 1024 + 1), 413)
	post("roster", "day,from,to,officer\nmon,7:00,19:00,nobody\n", 200, "?dry_run=yes")
	post("roster", "day\n", 200)
	post("roster", "", 400, "?dry_run=")
	post("roster", "x" * (512 * 1024 + 1), 413)


def check_enrolments(server):
	def post(pattern, body, wanted, n="1"):
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	top = "/api/v1/enrolments"
	for path in (top, top + "/wording"):
		check_answer(server, "GET", path, path, None, 200)
	post(top, {"phone": "0900001005", "name": "Nguyễn Văn E", "place": "thon-3", "role": "chủ hộ"}, 200)
	post(top, {"phone": "x", "name": "E", "place": "thon-3"}, 400)
	post(top, {"phone": "0900001005", "name": "E", "place": "thon-9"}, 404)
	post(top + "/{n}/accept", {}, 404)
	post(top + "/{n}/accept", {"phone": "1"}, 400)
	post(top + "/{n}/decline", {}, 404)
	post(top + "/{n}/ask", {"what": "both"}, 404)
	post(top + "/{n}/ask", {"what": "all"}, 400)


def check_stays(server):
	def post(pattern, body, wanted, n="1"):
		path = "/api/v1/stays/{n}/" + pattern
		check_answer(server, "POST", path, path.replace("{n}", n), json.dumps(body), wanted)
	check_answer(server, "GET", "/api/v1/stays", "/api/v1/stays", None, 200)
	check_answer(server, "GET", "/api/v1/stays", "/api/v1/stays?limit=0", None, 400)
	post("read", {}, 200)
	post("read", {}, 404, "9")
	post("read", {"a": 1}, 400)
	post("decide", {"how": "entered"}, 200)
	post("decide", {"how": "entered"}, 409)
	post("decide", {"how": "lost"}, 400)
	post("decide", {"how": "declined"}, 400)
	post("decide", {"how": "declined", "reason": "x" * 121}, 413)
	post("decide", {"how": "recorded"}, 404, "9")
	post("decide", {"how": "declined", "reason": "sai ngày"}, 200)


def check_polls(server):
	top, one = "/api/v1/polls", "/api/v1/polls/{n}"
	def post(pattern, body, wanted, n="11"):
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	def get(pattern, wanted=200, n="11"):
		check_answer(server, "GET", pattern, pattern.replace("{n}", n), None, wanted)
	good = {"question": "Lắp camera?", "options": [{"label": "Đồng ý", "aliases": "ok, dc"}, {"label": "Không"}],
		"closes": "2026-11-25 18:00", "audience": {"all": True}, "per": "phone", "quorum": 50}
	post(top, good, 200)
	for bad in ({}, {"question": 1}, dict(good, options=[{"label": "x"}]), dict(good, options=[1, 2]),
			dict(good, per="người"), dict(good, closes="mai"), dict(good, closes="2020-01-01 00:00"),
			dict(good, quorum=101), dict(good, audience={}), dict(good, a=1), dict(good, category="x")):
		post(top, bad, 400)
	post(top, dict(good, question="x" * 300), 413)
	post(top, dict(good, audience={"places": ["khong-co"]}), 404)
	get(top)
	get(one)
	get(one, 404, "9")
	get(one, 400, "x")
	post(one + "/try", {"text": "dong y nhe"}, 200)
	post(one + "/try", {"text": "?"}, 200)
	post(one + "/try", {}, 400)
	post(one + "/try", {"text": "1"}, 404, "9")
	post(one + "/close", {}, 409)
	post(one + "/open", {"a": 1}, 400)
	post(one + "/open", {}, 200)
	post(one + "/open", {}, 409)
	get(one)
	get(one + "/unclear")
	get(one + "/unclear", 404, "9")
	post(one + "/assign", {"voice": "0" * 64, "option": 1}, 404)
	post(one + "/assign", {"voice": "x", "option": 1}, 400)
	post(one + "/assign", {"voice": "0" * 64, "option": 9, "all": True}, 400)
	post(one + "/result", {}, 409)
	post(one + "/close", {}, 200)
	post(one + "/close", {}, 409)
	get(one)
	post(one + "/result", {}, 200)
	post(one + "/result", {}, 409)
	get(one)
	get(one + "/unclear")
	post(one + "/assign", {"voice": "0" * 64, "option": 1}, 409)
	post(one + "/cancel", {}, 409)
	post(top, good, 200)
	post(one + "/cancel", {}, 200, str(server.ask("GET", top)[2]["polls"][0]["id"]))
	post(one + "/cancel", {}, 404, "9")


def check_backups(server):
	path = "/api/v1/backups"
	check_answer(server, "GET", path, path, None, 200)
	check_answer(server, "POST", path, path, '{"now": true}', 400)
	check_answer(server, "POST", path, path, "{}", 202)
	check_answer(server, "POST", path, path, "{}", 409)


def check_feeds(server):
	check_answer(server, "GET", "/api/v1/feeds", "/api/v1/feeds", None, 200)
	check = "/api/v1/feeds/{n}/check"
	check_answer(server, "POST", check, check.replace("{n}", "tinh"), "{}", 200)
	check_answer(server, "POST", check, check.replace("{n}", "khac"), "{}", 404)
	check_answer(server, "POST", check, check.replace("{n}", "tinh"), '{"a": 1}', 400)


def check_groups(server):
	def post(pattern, body, wanted, n="1"):
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	group = "/api/v1/groups/{n}"
	row = {"phone": "0900001002", "name": "Nguyễn Văn B", "place": "thon-3", "role": "member"}
	post("/api/v1/residents", {"rows": [row], "dry_run": True}, 200)
	post("/api/v1/residents", {"rows": [row, dict(row, phone="x")]}, 200)
	post("/api/v1/residents", {"rows": [row]}, 200)
	post("/api/v1/residents", {}, 400)
	post("/api/v1/residents", {"rows": [row], "all": True}, 400)
	check_tables(server)
	check_feeds(server)
	check_backups(server)
	check_enrolments(server)
	check_stays(server)
	check_polls(server)
	post("/api/v1/places", {"code": "to-dan-pho-1", "kind": "hamlet", "name": "Tổ 1", "parent": "thon-3"}, 200)
	post("/api/v1/places", {"code": "A", "kind": "hamlet", "name": "A"}, 400)
	post("/api/v1/places", {"code": "a", "kind": "hamlet", "name": "A", "parent": "x"}, 404)
	post("/api/v1/groups", {"place": "to-dan-pho-1", "members": ["9007199254740990001"]}, 200)
	post("/api/v1/groups", {"place": "to-dan-pho-1", "members": ["9007199254740990001"]}, 409)
	post("/api/v1/groups", {"place": "x", "members": ["9007199254740990001"]}, 404)
	post("/api/v1/groups", {"place": "thon-3", "members": [9007199254740990001]}, 400)
	post(group + "/settings", {"lock_send_msg": True, "join_appr": None, "name": "Thôn 3"}, 200)
	post(group + "/settings", {"lock_send_msg": 1}, 400)
	post(group + "/settings", {"lock_send_msg": True}, 404, "9")
	post(group + "/link", {"place": "thon-3"}, 409)
	post(group + "/link", {}, 400)
	post(group + "/people", {"do": "accept", "person": 2}, 200)
	post(group + "/people", {"do": "accept", "person": 1}, 409)
	post(group + "/people", {"do": "remove", "person": 99}, 404)
	post(group + "/people", {"do": "invite"}, 400)
	post(group + "/people", {"do": "handover", "user_id": "9007199254740993009"}, 200)
	post(group + "/asset", {"asset": "b10"}, 409)  # taken by the group that was just ordered
	post(group + "/delete", {"name": "x"}, 400)
	post(group + "/delete", {"name": "Thôn 3"}, 200)
	post(group + "/check", {}, 200)
	post(group + "/check", {"a": 1}, 400)
	post("/api/v1/group-acts/{n}/settle", {"as": "done"}, 200)
	post("/api/v1/group-acts/{n}/settle", {"as": "done"}, 409)
	post("/api/v1/group-acts/{n}/settle", {"as": "again"}, 404, "99")
	check_answer(server, "POST", group + "/asset", "/api/v1/groups/1/asset", '{"asset":"c10"}', 200)
	check_answer(server, "GET", group, "/api/v1/groups/9", None, 404)
	check_answer(server, "GET", group + "/acts", "/api/v1/groups/1/acts?limit=0", None, 400)


def check_procedures(server):
	def get(query, wanted, pattern="/api/v1/procedures"):
		return check_answer(server, "GET", pattern, "/api/v1/procedures" + query, None, wanted)
	get("", 200)
	get("?days=400&q=mat%20can%20cuoc", 200)
	get("?q=" + "a" * 401, 400)
	get("?days=0", 400)
	one = "/api/v1/procedures/{n}"
	get("/cc-cap-lai", 200, one)
	get("/cc-cap-lai?days=x", 400, one)
	get("/nothing", 404, one)

	def act(what, body, wanted, n="cc-cap-lai"):
		pattern = one + "/" + what
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	act("confirm", {"checked": "2026-11-20"}, 200)
	act("confirm", {"checked": "2026-11-23"}, 400)
	act("confirm", {"checked": "2025-11-20"}, 400)
	act("confirm", {"checked": "20.11.2026"}, 400)
	act("confirm", {}, 400)
	act("confirm", {"checked": "2026-11-20"}, 404, "nothing")
	entry = server.ask("GET", "/api/v1/procedures/cc-cap-lai")[2]
	if not entry["is_confirmed"] or entry["checked"] != "2026-11-20" or not entry["confirmed_by"]:
		fail(f"confirmed entry: {entry}")
	act("unconfirm", {"a": 1}, 400)
	act("unconfirm", {}, 200)
	act("unconfirm", {}, 409)
	act("unconfirm", {}, 404, "nothing")
	entry = server.ask("GET", "/api/v1/procedures/cc-cap-lai")[2]
	if entry["is_confirmed"] or entry["confirmed_by"] or entry["confirmed"]:
		fail(f"entry that is confirmed no more: {entry}")


def check_settings(server):
	path = "/api/v1/settings"

	def post(values, wanted):
		check_answer(server, "POST", path, path, json.dumps({"values": values}), wanted)
	check_answer(server, "GET", path, path, None, 200)
	post({"duty.climb_first_s": 60, "bulletins.normal_sms": "digest", "menu.phone": "0200 000 000"}, 200)
	rows = {row["name"]: row for row in server.ask("GET", path)[2]["settings"]}
	climb = rows["duty.climb_first_s"]
	if (climb["value"], climb["value_file"], climb["is_changed"]) != (60, 120, True) or not climb["changed_by"]:
		fail(f"changed setting: {climb}")
	post({"duty.climb_first_s": None}, 200)
	post({"duty.climb_first_s": 301}, 400)
	post({"duty.climb_first_s": 0}, 400)
	post({"duty.climb_first_s": "60"}, 400)
	post({"bulletins.normal_sms": "all"}, 400)
	post({"menu.phone": "x\u0000"}, 400)
	post({"store.path": "/tmp/x"}, 404)
	post({}, 400)
	post([], 400)
	status, _, answer = server.ask("POST", path, json.dumps({"values": {"bulletins.quiet_from": 24}}))
	if status != 400 or "0" not in answer["message_vi"] or "23" not in answer["message_vi"]:
		fail(f"what is allowed is not told: {answer}")


def check_residents(server):
	def post(pattern, body, wanted, n="1"):
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	people, one, closing = "/api/v1/places/{n}/residents", "/api/v1/residents/{n}/", "/api/v1/places/{n}/close"
	for code in ("ap-7", "ap-8", "truong-1"):
		kind = "school" if code == "truong-1" else "hamlet"
		post("/api/v1/places", {"code": code, "kind": kind, "name": code}, 200)
	post("/api/v1/residents", {"rows": [
		{"phone": "0900000771", "name": "Nguyễn Văn <b>Bảy</b>", "place": "ap-7", "role": "household_head", "household": "12"},
		{"phone": "0900000772", "name": "Trần Thị B", "place": "ap-7", "role": "member"}]}, 200)
	post(people, {}, 200, "ap-7")
	rows = server.ask("POST", people.replace("{n}", "ap-7"), "{}")[2]
	if [row["phone"] for row in rows["residents"]] != ["…771", "…772"] or rows["total"] != 2 or rows["next_after"]:
		fail(f"list of a place: {rows}")
	if [row["household"] for row in rows["residents"]] != ["12", ""]:
		fail(f"households of a place: {rows}")
	one_row = {"phone": "0900000772", "name": "Trần Thị B", "place": "ap-7", "role": "member"}
	for wrong in ({"list": "to"}, {"household": 12}, {"household": "x" * 64}, {"name": None}):
		done = server.ask("POST", "/api/v1/residents", json.dumps({"rows": [dict(one_row, **wrong)]}))[2]
		if done["is_stored"] or [e["row"] for e in done["errors"]] != [1]:
			fail(f"a row with {wrong}: {done}")
	first, second = (str(row["id"]) for row in rows["residents"])
	post(people, {"after": int(second)}, 200, "ap-7")
	post(people, {"after": -1}, 400, "ap-7")
	post(people, {"all": True}, 400, "ap-7")
	post(people, {}, 404, "ap-9")
	post(one + "change", {"place": "ap-7", "role": "security", "household": "Hộ 7"}, 200, first)
	post(one + "change", {"place": "ap-7"}, 400, first)
	post(one + "change", {"role": "member"}, 400, first)
	post(one + "change", {"place": "ap-7", "role": "left"}, 400, first)
	post(one + "change", {"place": "ap-8", "role": "member"}, 404, first)
	post(one + "change", {"place": "ap-7", "household": "x" * 64}, 413, first)
	post(one + "phone", {"place": "ap-7", "reason": "hẹn gặp làm căn cước tại nhà"}, 200, first)
	post(one + "phone", {"place": "ap-7", "reason": "xem"}, 400, first)
	post(one + "phone", {"place": "ap-7", "reason": "hẹn gặp làm căn cước tại nhà"}, 404, "99")
	check_answer(server, "GET", "/api/v1/resident-reveals", "/api/v1/resident-reveals?limit=1", None, 200)
	check_answer(server, "GET", "/api/v1/resident-reveals", "/api/v1/resident-reveals?limit=0", None, 400)
	post(one + "leave", {"place": "ap-7", "why": "gone"}, 400, second)
	post(one + "leave", {"place": "ap-7", "why": "asked"}, 200, second)
	post(one + "leave", {"place": "ap-7", "why": "asked"}, 404, second)
	post(closing, {"reason": "sáp nhập"}, 409, "ap-7")
	post(closing, {"reason": "sáp nhập", "into": "ap-9"}, 404, "ap-7")
	post(closing, {"reason": "sáp nhập", "into": "truong-1"}, 400, "ap-7")
	post(closing, {"reason": "x", "into": "ap-8"}, 400, "ap-7")
	post(closing, {"into": "ap-8"}, 400, "ap-7")
	post(closing, {"reason": "sáp nhập", "into": "ap-8"}, 200, "ap-7")
	post(closing, {"reason": "sáp nhập", "into": "ap-8"}, 409, "ap-7")
	post(closing, {"reason": "giải thể"}, 200, "truong-1")
	post(closing, {"reason": "giải thể"}, 404, "ap-9")
	post(people, {}, 404, "ap-7")
	post("/api/v1/places", {"code": "ap-7", "kind": "hamlet", "name": "Ấp 7"}, 409)
	rows = server.ask("POST", people.replace("{n}", "ap-8"), "{}")[2]["residents"]
	if [(row["phone"], row["household"], row["role"]) for row in rows] != [("…771", "Hộ 7", "security")]:
		fail(f"list of the place that took over: {rows}")


def check_law(server):
	def post(what, body, wanted, n="1"):
		pattern = "/api/v1/reports/{n}/" + what
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	post("class", {"class": "to_giac", "urgent": False}, 200)
	post("class", {"class": "to_giac"}, 409)
	post("class", {"class": "tin_bao"}, 400)
	post("class", {"class": "tin_bao", "reason": "x" * 2001}, 413)
	post("class", {"class": "tin_bao", "reason": "x"}, 200)
	post("class", {"class": "crime"}, 400)
	post("class", {}, 400)
	post("class", {"class": "khac", "urgent": 1}, 400)
	post("class", {"class": "khac", "a": 1}, 400)
	post("class", {"class": "khac"}, 404, "9")
	post("clock", {"clock": "notice_procuracy", "do": "done", "reason": "CV 12"}, 200)
	post("clock", {"clock": "notice_procuracy", "do": "done", "reason": "CV 12"}, 404)
	post("clock", {"clock": "transfer", "do": "freeze", "reason": "x"}, 409)
	post("clock", {"clock": "transfer", "do": "x", "reason": "x"}, 400)
	post("clock", {"clock": "transfer", "do": "freeze"}, 400)
	post("moment", {"moment": "transferred", "at": "2026-11-22"}, 200)
	post("moment", {"moment": "transferred", "at": "2126-11-22"}, 400)
	post("moment", {"moment": "received", "at": "2026-11-22"}, 400)
	post("clock", {"clock": "settlement", "do": "freeze", "reason": "x"}, 200)
	post("clock", {"clock": "settlement", "do": "thaw", "reason": "x"}, 200)
	post("clock", {"clock": "settlement", "do": "extend", "reason": "x", "extension": "complex"}, 200)
	post("clock", {"clock": "settlement", "do": "extend", "reason": "x", "extension": "complex"}, 409)
	post("outcome", {"kind": "transferred", "receipt": "215/BN", "at": "2026-11-22"}, 200)
	post("outcome", {"kind": "kept"}, 400)
	post("outcome", {"kind": "x"}, 400)
	post("outcome", {"kind": "settled", "note": "xong", "tell": True}, 200)
	post("outcome", {"kind": "settled"}, 409)
	check_answer(server, "GET", "/api/v1/reports/{n}/law", "/api/v1/reports/9/law", None, 404)
	check_answer(server, "GET", "/api/v1/reports/{n}/law", "/api/v1/reports/1/law", None, 200)
	check_answer(server, "GET", "/api/v1/clocks", "/api/v1/clocks?days=366&limit=1", None, 200)
	check_answer(server, "GET", "/api/v1/clocks", "/api/v1/clocks?days=x", None, 400)
	check_answer(server, "GET", "/api/v1/statistics/clocks", "/api/v1/statistics/clocks?year=2026", None, 200)
	check_answer(server, "GET", "/api/v1/statistics/clocks", "/api/v1/statistics/clocks?year=1", None, 400)


def check_service(server):
	service, questions = "/api/v1/statistics/service", "/api/v1/questions"
	check_answer(server, "GET", service, service, None, 200)
	check_answer(server, "GET", service, service + "?days=400", None, 200)
	check_answer(server, "GET", service, service + "?days=401", None, 400)
	check_answer(server, "POST", RATING, "/api/v1/reports/1/rating", json.dumps({"category": "question"}), 200)
	check_answer(server, "GET", questions, questions + "?limit=1", None, 200)
	check_answer(server, "GET", questions, questions + "?limit=0", None, 400)
	rows = server.ask("GET", questions)[2]["questions"]
	if [row["report"] for row in rows] != ["2026-1"] or not rows[0]["text"]:
		fail(f"{questions}: {rows}")


def check_files(server):
	# Report 1 came by SMS: who can't be sent a file is told so once the file itself is in order.
	def post(query, body, wanted, n="1"):
		check_answer(server, "POST", FILES, f"/api/v1/reports/{n}/files{query}", body, wanted)
	pdf = b"%PDF-1.4\n" + b"x" * 100000
	post("?name=giay%20h%E1%BA%B9n.pdf", pdf, 409)
	post("?name=bang.csv", "so,ten\n1,Ấp 3\n".encode(), 409)
	post("", pdf, 400)
	post("?name=giay-hen", pdf, 400)
	post("?name=..%2Fgiay-hen.pdf", pdf, 400)
	post("?name=%FF.pdf", pdf, 400)
	post("?name=anh.jpg", pdf, 400)
	post("?name=giay-hen.exe", pdf, 400)
	post("?name=giay-hen.pdf", b"", 400)
	post("?name=giay-hen.pdf", pdf, 404, "9")
	post("?name=anh.png", b"\x89PNG\r\n\x1a\n" + b"x" * 1024 * 1024, 413)
	post("?name=giay-hen.pdf", b"%PDF-" + b"x" * 5 * 1024 * 1024, 413)


def check_secrecy(server):
	def post(path, body, wanted, n="1"):
		template = "/api/v1/reports/{n}/" + path
		return check_answer(server, "POST", template, template.replace("{n}", n), json.dumps(body), wanted)
	secret = {"text": "Gửi anh văn bản TUYỆT MẬT"}
	post("answer", secret, 403)
	post("clearance", {"text": "chào anh"}, 400)
	post("clearance", {}, 400)
	post("clearance", secret, 404, "9")
	post("clearance", secret, 200)
	post("offline", {}, 400)
	post("offline", {"reason": "xem"}, 400)
	post("offline", {"digits": "0000 0000 0000 0000"}, 409)
	post("offline", {"reason": "chứa bí mật nhà nước"}, 404, "9")
	post("offline", {"reason": "chứa bí mật nhà nước"}, 200)


def check_identities(server):
	identity = "/api/v1/reports/{n}/identity"
	why = json.dumps({"reason": "Gọi lại để xác minh tin báo"})
	check_answer(server, "POST", identity, "/api/v1/reports/1/identity", "{}", 400)
	check_answer(server, "POST", identity, "/api/v1/reports/1/identity", '{"reason":"xem"}', 400)
	check_answer(server, "POST", identity, "/api/v1/reports/1/identity", '{"reason":1}', 400)
	check_answer(server, "POST", identity, "/api/v1/reports/9/identity", why, 404)
	check_answer(server, "POST", identity, "/api/v1/reports/1/identity", why, 200)
	check_answer(server, "POST", identity, "/api/v1/reports/1/identity", "{}", 200)
	check_answer(server, "GET", "/api/v1/reveals", "/api/v1/reveals?limit=1", None, 200)


def check_search(server):
	search = "/api/v1/search"
	def ask(body, wanted):
		check_answer(server, "POST", search, search, json.dumps(body), wanted)
	ask({"words": "khong co"}, 200)
	for bad in ({}, {"words": 1}, {"words": "a"}, {"words": "chay", "limit": 0}, {"words": "chay", "limit": 201},
			{"words": "chay", "a": 1}, {"words": "a" * 300}):
		ask(bad, 400)


def check_retention(server):
	def post(pattern, body, wanted, n="1"):
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	report = "/api/v1/reports/{n}"
	post(report + "/hold", {}, 400)
	post(report + "/hold", {"reason": " "}, 400)
	post(report + "/hold", {"reason": "Tòa án yêu cầu giữ"}, 200)
	post(report + "/hold", {"reason": "x"}, 404, "9")
	post(report + "/release", {"a": 1}, 400)
	post(report + "/release", {}, 200)
	post(report + "/release", {}, 404)
	post(report + "/forget", {}, 200)
	post(report + "/forget", {"a": 1}, 400)
	post(report + "/forget", {}, 404, "9")
	post("/api/v1/erasure-requests", {"phone": "0900001999"}, 200)
	post("/api/v1/erasure-requests", {"phone": "x"}, 400)
	post("/api/v1/erasure-requests", {}, 400)
	check_answer(server, "GET", "/api/v1/retention", "/api/v1/retention?until=2027-12-31", None, 200)
	check_answer(server, "GET", "/api/v1/retention", "/api/v1/retention?until=31/12/2027", None, 400)
	check_answer(server, "GET", report + "/retention", "/api/v1/reports/9/retention", None, 404)


def check_handling(server):
	def post(what, body, wanted, n="1"):
		pattern = "/api/v1/reports/{n}/" + what
		check_answer(server, "POST", pattern, pattern.replace("{n}", n), json.dumps(body), wanted)
	def new(body, wanted):
		check_answer(server, "POST", "/api/v1/reports", "/api/v1/reports", json.dumps(body), wanted)
	def register(body, wanted):
		check_answer(server, "POST", "/api/v1/register", "/api/v1/register", json.dumps(body), wanted)
	new({"source": "walk_in", "text": "mat trom"}, 200)
	new({"source": "call", "text": "chay", "phone": "0900001234", "hamlet": "thon-3", "told": "2026-11-22 13:00",
		"receiver": "truc ban", "category": "fire", "urgency": "danger", "is_quiet": True, "is_anonymous": True}, 200)
	for bad in ({}, {"source": "x", "text": "a"}, {"source": "call", "text": " "}, {"source": "call", "text": 1},
			{"source": "call", "text": "a", "phone": "113"}, {"source": "call", "text": "a", "told": "hom qua"},
			{"source": "call", "text": "a", "told": "2027-01-01 00:00"}, {"source": "call", "text": "a", "hamlet": "x"},
			{"source": "call", "text": "a", "category": "x"}, {"source": "call", "text": "a", "urgency": "x"},
			{"source": "call", "text": "a", "is_quiet": 1}, {"source": "call", "text": "a", "b": 1},
			{"source": "call", "text": "a", "receiver": "x" * 64}):
		new(bad, 400)
	new({"source": "call", "text": "a" * 16001}, 413)
	post("hamlet", {"hamlet": "thon-3"}, 200)
	post("hamlet", {"hamlet": None}, 200)
	post("hamlet", {"hamlet": "x"}, 404)
	post("hamlet", {"hamlet": 1}, 400)
	post("assignee", {"officer": None}, 200)
	post("assignee", {"officer": "nobody"}, 404)
	post("note", {"text": "hoi them chu nha"}, 200)
	post("note", {"text": " "}, 400)
	post("note", {"text": "a" * 4001}, 413)
	post("link", {"to": "2026-2", "linked": True}, 200)
	post("link", {"to": "2026-2", "linked": False}, 200)
	post("link", {"to": "2026-2", "linked": False}, 404)
	post("link", {"to": "2026-2"}, 400)
	post("merge", {"into": "2026-1"}, 200, "2")
	post("merge", {"into": "2026-1"}, 409, "2")
	check_answer(server, "GET", "/api/v1/reports/{n}", "/api/v1/reports/1", None, 200)
	post("merge", {"into": None}, 200, "2")
	post("merge", {"into": None}, 409, "2")
	post("merge", {"into": "2026-9"}, 404)
	post("merge", {"into": "2026-1"}, 400)
	post("pin", {}, 200)
	post("pin", {"a": 1}, 400)
	post("pin", {}, 404, "9")
	post("answer", {"template": "received"}, 200)
	post("answer", {"template": "ask", "text": "o dau?"}, 200)
	post("answer", {"template": "ask"}, 400)
	post("answer", {"template": "received", "text": "a"}, 400)
	post("answer", {"template": "x"}, 404)
	register({"year": 2026}, 200)
	register({"year": 2026, "month": 11, "format": "csv"}, 200)
	register({"from": "2026-11-01", "to": "2026-11-30", "format": "html"}, 200)
	for bad in ({}, {"year": 1}, {"year": 2026, "month": 13}, {"from": "2026-11-01"}, {"from": "2026-02-30", "to": "2026-03-01"},
			{"from": "2026-11-02", "to": "2026-11-01"}, {"from": "2024-01-01", "to": "2026-01-01"},
			{"year": 2026, "format": "pdf"}, {"year": "2026"}):
		register(bad, 400)


def check_export(server):
	def export(body, wanted):
		check_answer(server, "POST", "/api/v1/export", "/api/v1/export", json.dumps(body), wanted)
	for name in ("reports", "alarms", "clocks", "clock_statistics", "guess_statistics"):
		export({"list": name, "year": 2026}, 200)
	for bad in ({}, {"list": "reports"}, {"list": "x", "year": 2026}, {"list": 1, "year": 2026}, {"year": 2026},
			{"list": "reports", "year": 2026, "a": 1}, {"list": "reports", "from": "2024-01-01", "to": "2026-01-01"}):
		export(bad, 400)


def bulletin(**members):
	body = {"category": "fraud", "title": "Cảnh báo", "text": "Xin gọi 0900000001.", "audience": {"all": True}}
	body.update(members)
	return json.dumps(body)


def check_bulletins(server):
	"""While the box has no officers bulletins are written and screened; nobody can submit one."""
	def post(what, body, wanted, n="1"):
		check_answer(server, "POST", "/api/v1/bulletins/{n}" + what, f"/api/v1/bulletins/{n}{what}", body.encode(), wanted)

	def new(body, wanted):
		check_answer(server, "POST", "/api/v1/bulletins", "/api/v1/bulletins", body, wanted)

	def save(body, wanted):
		check_answer(server, "POST", "/api/v1/audiences", "/api/v1/audiences", body.encode(), wanted)
	new(bulletin(), 200)
	new(bulletin(category="weather"), 400)
	new(bulletin(audience={"places": ["thon-9"]}), 404)
	new(bulletin(text="x" * 16001), 413)
	new(bulletin(expires="2026-13-01 10:00"), 400)
	new("{}", 400)
	new("x" * 70000, 413)
	post("", bulletin(drill=True, source="Công an tỉnh", **{"from": "2026-12-01 08:00"}), 200)
	post("", '{"color":"red"}', 400)
	post("", bulletin(), 404, "9")
	jpeg = b"\xff\xd8\xff\xe0" + b"x" * 1000
	path = "/api/v1/bulletins/{n}/file"
	for query, data, wanted in (("?name=a.gif", b"GIF89a" + b"x" * 1000, 200), ("?name=a.pdf", jpeg, 400), ("", jpeg, 400),
			("?name=a.csv", b"a,b", 400), ("?name=a.jpg", jpeg + b"x" * 1024 * 1024, 413)):
		check_answer(server, "POST", path, "/api/v1/bulletins/1/file" + query, data, wanted)
	check_answer(server, "GET", path, "/api/v1/bulletins/1/file", None, 200)
	if server.headers["Content-Disposition"] != "attachment; filename*=UTF-8''a.gif":
		fail(f"{path}: a browser would show it: {server.headers['Content-Disposition']}")
	post("/answer", '{"finding":1,"reason":"số của trực ban"}', 403)
	post("/answer", '{"reason":"số của trực ban"}', 400)
	post("/submit", "{}", 403)
	post("/submit", '{"a":1}', 400)
	post("/withdraw", "{}", 409)
	post("/approve", '{"version":3}', 403)
	post("/approve", "{}", 400)
	post("/reject", '{"version":3,"reason":"chưa rõ nguồn tin"}', 403)
	post("/reject", '{"version":3,"reason":"không"}', 400)
	post("/review", '{"note":"đã xem lại cả rồi"}', 403)
	post("/recall", '{"reason":"sai số điện thoại"}', 403)
	new(bulletin(), 200)
	check_answer(server, "GET", "/api/v1/bulletins/{n}/preview", "/api/v1/bulletins/2/preview", None, 200)
	post("/preview", json.dumps({"sms": "Xin gọi 113. " * 20}), 200, "2")
	post("/preview", '{"sms":""}', 400, "2")
	post("/preview", '{"text":"x"}', 400, "2")
	post("/preview", json.dumps({"sms": "x" * 4000}), 413, "2")
	post("/preview", '{"sms":"x"}', 404, "9")
	post("/discard", "{}", 200, "2")
	post("/discard", "{}", 409, "2")
	check_answer(server, "GET", "/api/v1/bulletins/{n}", "/api/v1/bulletins/2", None, 200)
	check_answer(server, "GET", path, "/api/v1/bulletins/2/file", None, 404)
	check_answer(server, "GET", "/api/v1/bulletins/{n}/statistics", "/api/v1/bulletins/9/statistics", None, 404)
	check_answer(server, "GET", "/api/v1/bulletins", "/api/v1/bulletins?state=DRAFT&limit=1", None, 200)
	check_answer(server, "GET", "/api/v1/bulletins", "/api/v1/bulletins?state=x", None, 400)
	save('{"code":"test","name":"Thử"}', 200)
	save('{"code":"heads","name":"Trưởng thôn","rule":{"kinds":["hamlet"],"roles":["head"]}}', 200)
	save('{"code":"X","name":"Thử"}', 400)
	save('{"code":"x","name":"Thử","rule":{"lists":["none"]}}', 404)
	members = "/api/v1/audiences/{n}/members"
	for code, body, wanted in (("test", '{"add":["0900000099","x"]}', 200), ("test", '{"add":[]}', 200),
			("test", "{}", 400), ("none", '{"add":[]}', 404), ("heads", '{"add":["0900000001"]}', 409)):
		check_answer(server, "POST", members, f"/api/v1/audiences/{code}/members", body, wanted)
	remove = "/api/v1/audiences/{n}/remove"
	check_answer(server, "POST", remove, "/api/v1/audiences/heads/remove", "{}", 200)
	check_answer(server, "POST", remove, "/api/v1/audiences/heads/remove", "{}", 404)
	for body, wanted in (('{"phone":"0900000001","do":"refuse","topic":3}', 200), ('{"phone":"0900000001","do":"block"}', 200),
			('{"phone":"0900000001","do":"block","topic":3}', 400), ('{"phone":"x","do":"back"}', 400), ("{}", 400)):
		check_answer(server, "POST", "/api/v1/refusals", "/api/v1/refusals", body, wanted)


def check_answers(server):
	check_bulletins(server)
	for pattern, operations in api["paths"].items():
		if "get" in operations and not pattern.startswith(("/api/v1/me", "/api/v1/officers/", "/api/v1/polls/", "/api/v1/procedures/")):
			check_answer(server, "GET", pattern, pattern.replace("{n}", "1"), None, 200)
	check_answer(server, "POST", ANSWER, "/api/v1/reports/1/answer", '{"text":"Da nhan"}', 200)
	check_answer(server, "GET", "/api/v1/reports/{n}", "/api/v1/reports/2026-1", None, 200)
	check_answer(server, "GET", "/api/v1/reports/{n}", "/api/v1/reports/9", None, 404)
	check_answer(server, "GET", "/api/v1/reports/{n}", "/api/v1/reports/x", None, 400)
	check_answer(server, "POST", ANSWER, "/api/v1/reports/9/answer", '{"text":"Da nhan"}', 404)
	check_answer(server, "POST", ANSWER, "/api/v1/reports/1/answer", "{}", 400)
	check_answer(server, "POST", ANSWER, "/api/v1/reports/1/answer", "x" * 70000, 413)
	check_files(server)
	check_answer(server, "POST", RATING, "/api/v1/reports/1/rating", '{"category":"fire","urgency":"danger"}', 200)
	check_answer(server, "POST", RATING, "/api/v1/reports/1/rating", '{"category":"x"}', 400)
	check_answer(server, "POST", RATING, "/api/v1/reports/1/rating", '{}', 400)
	check_answer(server, "POST", RATING, "/api/v1/reports/1/rating", '{"urgency":1}', 400)
	check_answer(server, "POST", RATING, "/api/v1/reports/1/rating", '{"category":"fire","a":1}', 400)
	check_answer(server, "POST", RATING, "/api/v1/reports/9/rating", '{"category":"fire"}', 404)
	check_answer(server, "POST", TOKEN, TOKEN, '{"access_token":"a","refresh_token":"r"}', 200)
	check_answer(server, "POST", TOKEN, TOKEN, "{", 400)
	check_answer(server, "POST", LOGIN, LOGIN, "{}", 200)
	check_answer(server, "POST", LOGIN, LOGIN, '{"a":1}', 400)
	check_answer(server, "POST", CODE, CODE, '{"pasted":"c"}', 200)
	check_answer(server, "POST", CODE, CODE, '{"pasted":1}', 400)
	check_answer(server, "POST", CODE, CODE, '{"pasted":"bad"}', 403)
	check_answer(server, "POST", CODE, CODE, '{"pasted":"no"}', 502)
	check_answer(server, "POST", DOCTOR, DOCTOR, "{}", 200)
	check_answer(server, "POST", DOCTOR, DOCTOR, '{"a":1}', 400)
	check_answer(server, "POST", ACCEPT, "/api/v1/modems/modem0/accept", "{}", 200)
	check_answer(server, "POST", ACCEPT, "/api/v1/modems/modem0/accept", "{}", 409)
	check_answer(server, "POST", ACCEPT, "/api/v1/modems/x/accept", "{}", 404)
	check_answer(server, "POST", ACCEPT, "/api/v1/modems/modem0/accept", '{"a":1}', 400)
	check_answer(server, "POST", USSD, "/api/v1/modems/modem0/ussd", '{"code":"*1#"}', 200)
	check_answer(server, "POST", USSD, "/api/v1/modems/modem0/ussd", '{"code":"*3#"}', 504)
	check_answer(server, "POST", USSD, "/api/v1/modems/modem0/ussd", '{"code":"x"}', 400)
	check_answer(server, "POST", USSD, "/api/v1/modems/modem0/ussd", '{}', 400)
	check_answer(server, "POST", USSD, "/api/v1/modems/x/ussd", '{"code":"*1#"}', 404)
	check_answer(server, "POST", PREVIEW, PREVIEW, '{"text":"Bao lu","to":["0900000001"]}', 200)
	check_answer(server, "POST", PREVIEW, PREVIEW, '{"text":"Bao lu","count":9999,"lane":"urgent"}', 200)
	check_answer(server, "POST", PREVIEW, PREVIEW, '{"bulletin":{"category":"fraud","sms":"Bao lu"},"count":3}', 200)
	for wrong in ('{"count":1}', '{"bulletin":{"sms":"Bao lu"}}', '{"bulletin":{"category":"fraud"}}', '{"bulletin":3}',
			'{"bulletin":{"category":"fraud","sms":"x"},"lane":"urgent"}',
			'{"bulletin":{"category":"fraud","sms":"x"},"text":"x"}'):
		check_answer(server, "POST", PREVIEW, PREVIEW, wrong, 400)
	check_answer(server, "POST", PREVIEW, PREVIEW, '{"text":"long"}', 413)
	check_answer(server, "POST", JOURNAL, "/api/v1/modems/modem0/journal", "{}", 200)
	check_answer(server, "POST", JOURNAL, "/api/v1/modems/modem0/journal", '{"a":1}', 400)
	check_answer(server, "POST", JOURNAL, "/api/v1/modems/x/journal", "{}", 404)
	check_answer(server, "POST", JOURNAL, "/api/v1/modems/modem9/journal", "{}", 504)
	check_answer(server, "POST", SETTLE, "/api/v1/outbox/1/settle", '{"as":"sent"}', 200)
	check_answer(server, "POST", SETTLE, "/api/v1/outbox/1/settle", '{"as":"failed"}', 409)
	check_answer(server, "POST", SETTLE, "/api/v1/outbox/1/settle", '{"as":"x"}', 400)
	check_answer(server, "POST", SETTLE, "/api/v1/outbox/x/settle", '{"as":"sent"}', 400)
	check_answer(server, "POST", SETTLE, "/api/v1/outbox/9/settle", '{"as":"sent"}', 404)
	check_answer(server, "POST", SEEN, "/api/v1/zalo/gaps/1/seen", '{"a":1}', 400)
	check_answer(server, "POST", SEEN, "/api/v1/zalo/gaps/x/seen", "{}", 400)
	check_answer(server, "POST", SEEN, "/api/v1/zalo/gaps/9/seen", "{}", 404)
	check_answer(server, "POST", SEEN, "/api/v1/zalo/gaps/1/seen", "{}", 200)
	check_answer(server, "POST", SEEN, "/api/v1/zalo/gaps/1/seen", "{}", 409)
	check_answer(server, "GET", "/api/v1/zalo/gaps", "/api/v1/zalo/gaps?limit=1", None, 200)
	check_answer(server, "GET", FILE, "/api/v1/attachments/x", None, 400)
	check_answer(server, "GET", FILE, "/api/v1/attachments/9", None, 404)
	check_answer(server, "GET", FILE, "/api/v1/attachments/2", None, 409)
	subjects = "/api/v1/reports/{n}/subjects"
	check_answer(server, "POST", subjects, "/api/v1/reports/1/subjects", '{"officers":[]}', 200)
	check_answer(server, "POST", subjects, "/api/v1/reports/1/subjects", '{"officers":"x"}', 400)
	check_answer(server, "POST", subjects, "/api/v1/reports/1/subjects", '{"officers":["nobody"]}', 404)
	check_answer(server, "POST", subjects, "/api/v1/reports/R9/subjects", '{"officers":[]}', 404)
	check_groups(server)
	check_handling(server)
	check_identities(server)
	check_secrecy(server)
	check_search(server)
	check_export(server)
	check_retention(server)
	check_audit(server)
	check_duty(server)
	check_law(server)
	check_service(server)
	check_settings(server)
	check_residents(server)
	check_procedures(server)
	for name in ("inbox", "outbox", "reports", "places", "groups", "bulletins", "audiences"):
		check_answer(server, "GET", f"/api/v1/{name}", f"/api/v1/{name}?limit=1", None, 200)
		check_answer(server, "GET", f"/api/v1/{name}", f"/api/v1/{name}?limit=0", None, 400)
	server.tell("fail")
	check_answer(server, "POST", ANSWER, "/api/v1/reports/1/answer", '{"text":"Da nhan"}', 503)


def pattern_of(method, path):
	for pattern, operations in api["paths"].items():
		if method.lower() in operations and re.fullmatch(re.sub("{n}", "[^/]+", pattern), path.split("?")[0]):
			return pattern
	raise KeyError(path)


def two_approve(office, clerk, chief):
	"""A bulletin on its way from a clerk to the chief."""
	def act(what, body, status, n=1, **who):
		return office.must(status, "POST", f"/api/v1/bulletins/{n}/{what}", body, **who)
	draft = office.must(200, "POST", "/api/v1/bulletins", json.loads(bulletin()), token=clerk)
	found = [f["id"] for f in draft["findings"]]
	act("submit", {}, 409, token=clerk)
	act("answer", {"finding": 999, "reason": "số của trực ban"}, 404, token=clerk)
	for finding in found:
		act("answer", {"finding": finding, "reason": "số của trực ban"}, 200, token=clerk)
	act("submit", {}, 200, token=clerk)
	act("withdraw", {}, 200, token=clerk)
	act("submit", {}, 200, token=clerk)
	act("approve", {"version": 1}, 403, token=clerk)
	act("approve", {"version": 2}, 409, **chief)
	act("reject", {"version": 1, "reason": "chưa rõ nguồn tin"}, 200, **chief)
	act("submit", {}, 200, token=clerk)
	act("approve", {"version": 1, "note": "tốt"}, 200, **chief)
	act("resume", {}, 409, **chief)
	act("stop", {}, 200, token=clerk)
	act("stop", {}, 409, token=clerk)
	act("resume", {}, 403, token=clerk)
	act("resume", {}, 200, **chief)
	act("recall", {"reason": "sai số điện thoại"}, 200, token=clerk)
	act("review", {"note": "đã xem lại cả rồi"}, 409, **chief)
	flood = json.loads(bulletin(category="disaster", text="Nước lên."))
	office.must(200, "POST", "/api/v1/bulletins", flood, **chief)
	act("submit", {}, 200, 2, **chief)
	act("approve", {"version": 1, "alone": True}, 200, 2, **chief)
	act("review", {"note": "đã xem lại cả rồi"}, 403, 2, **chief)


def check_officers(server):
	"""The way of an officer, each answer as it is described; the clock stands still, so a code is good for one step."""
	def ask(method, path, body=None, token=None):
		status, answer = server.call(method, path, body, token)
		response = api["paths"][pattern_of(method, path)][method.lower()]["responses"].get(str(status))
		if response:
			validate(answer, response["content"]["application/json"]["schema"], f"{method} {path} {status}")
		else:
			fail(f"{method} {path}: status {status} is not described")
		seen.add((method, pattern_of(method, path)))
		return status, answer
	office = Office(ask, lambda: NOW_S)
	refused = {"code": "x", "login": "chief", "name": "A", "passphrase": PASSPHRASE}
	for path in ("/api/v1/me", "/api/v1/me/sessions"):
		office.must(409, "GET", path)
	office.must(409, "POST", "/api/v1/login", {"login": "a", "passphrase": "b", "totp": "1"})
	office.must(409, "POST", "/api/v1/escrow/check", {"words": "mot hai"})
	office.must(409, "POST", "/api/v1/escrow/fill", {})
	office.must(409, "POST", "/api/v1/escrow", {"passphrase": "x"})
	office.must(403, "POST", "/api/v1/setup", refused)
	office.must(400, "POST", "/api/v1/setup", dict(refused, passphrase="short"))
	office.must(403, "POST", "/api/v1/enrol/confirm", {"enrolment": "x", "totp": "123456"})
	office.claim("chief")
	office.must(409, "POST", "/api/v1/setup", refused)
	office.must(409, "POST", "/api/v1/setup/code", {})
	chief = {"token": office.tokens["chief"]}
	office.add("duty1", "duty", "chief", superior="chief", phone="0900000011", places=["thon-3"])
	duty = office.tokens["duty1"]
	office.must(200, "GET", "/api/v1/officers", **chief)
	office.must(200, "GET", "/api/v1/officers/duty1", token=duty)
	office.must(404, "GET", "/api/v1/officers/nobody", **chief)
	office.must(400, "POST", "/api/v1/officers", {"login": "X", "name": "A", "role": "duty"}, **chief)
	office.must(409, "POST", "/api/v1/officers", {"login": "duty1", "name": "A", "role": "duty"}, **chief)
	office.must(200, "POST", "/api/v1/officers/duty1", {"role": "area", "places": []}, **chief)
	office.must(400, "POST", "/api/v1/officers/duty1", {"role": "king"}, **chief)
	office.must(403, "POST", "/api/v1/officers/chief", {"role": "duty"}, **chief)
	office.must(401, "POST", "/api/v1/enrol", {"login": "duty1", "code": "AAAA", "passphrase": PASSPHRASE})
	office.must(200, "GET", "/api/v1/me", token=duty)
	office.must(200, "POST", "/api/v1/me/totp", {"passphrase": PASSPHRASE}, token=duty)
	office.must(401, "POST", "/api/v1/me/totp", {"passphrase": "x"}, token=duty)
	first = office.must(200, "GET", "/api/v1/me/sessions", token=duty)["sessions"][0]["id"]
	office.login("duty1", step=1)
	duty = office.tokens["duty1"]
	office.must(200, "POST", f"/api/v1/me/sessions/{first}/end", {}, token=duty)
	office.must(404, "POST", f"/api/v1/me/sessions/{first}/end", {}, token=duty)
	office.must(200, "POST", "/api/v1/me/passphrase", {"passphrase": PASSPHRASE, "new": PASSPHRASE + "!"}, token=duty)
	office.must(200, "POST", "/api/v1/officers/duty1/reset", {"what": "totp"}, **chief)
	office.must(400, "POST", "/api/v1/officers/duty1/reset", {"what": "all"}, **chief)
	office.must(400, "POST", "/api/v1/officers/chief/recover", {"words": "x"})
	office.must(400, "POST", "/api/v1/officers/chief/recover", {})
	office.must(200, "POST", "/api/v1/officers/duty1/state", {"do": "lock"}, **chief)
	office.must(409, "POST", "/api/v1/officers/duty1/state", {"do": "lock"}, **chief)
	office.must(403, "POST", "/api/v1/officers/chief/state", {"do": "remove"}, **chief)
	office.add("area1", "area", "chief", places=["thon-3"])
	office.add("area2", "area", "chief")
	office.must(200, "POST", "/api/v1/officers/area1/admission", {}, **chief)
	office.must(400, "POST", "/api/v1/officers/area1/admission", {"words": "mot hai"}, **chief)
	office.must(404, "POST", "/api/v1/officers/nobody/admission", {}, **chief)
	words = office.must(200, "POST", "/api/v1/escrow", {"passphrase": PASSPHRASE}, **chief)["words"]
	office.must(401, "POST", "/api/v1/escrow", {"passphrase": "x"}, **chief)
	office.must(400, "POST", "/api/v1/escrow", {}, **chief)
	office.must(200, "POST", "/api/v1/escrow/fill", {}, **chief)
	office.must(400, "POST", "/api/v1/escrow/fill", {"a": 1}, **chief)
	office.must(200, "POST", "/api/v1/escrow/check", {"words": words}, **chief)
	office.must(400, "POST", "/api/v1/escrow/check", {"words": "mot hai"}, **chief)
	office.must(200, "POST", "/api/v1/places/thon-3/handover", {"from": "area1", "to": "area2"}, **chief)
	office.must(409, "POST", "/api/v1/places/thon-3/handover", {"from": "area1", "to": "area2"}, **chief)
	office.must(404, "POST", "/api/v1/places/thon-9/handover", {"from": "area1", "to": "area2"}, **chief)
	office.must(400, "POST", "/api/v1/places/thon-3/handover", {"from": "area1"}, **chief)
	office.add("clerk1", "clerk", "chief")
	two_approve(office, office.tokens["clerk1"], chief)
	office.login("duty1", status=401)
	while office.ask("POST", "/api/v1/login", {"login": "ghost", "passphrase": "x", "totp": "1"})[0] == 401:
		pass
	office.must(429, "POST", "/api/v1/login", {"login": "ghost", "passphrase": "x", "totp": "1"})
	office.must(200, "POST", "/api/v1/logout", {}, **chief)


compare_routes()
with Server(serve_program) as running:
	check_answers(running)
with Server(serve_program) as running:
	check_officers(running)
for path, operations in api["paths"].items():
	for method in operations:
		if (method.upper(), path) not in seen:
			fail(f"{method.upper()} {path}: no answer was checked")
for text in failures:
	print(text)
sys.exit(1 if failures else 0)

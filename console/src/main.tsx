// SPDX-License-Identifier: GPL-2.0-or-later
import { render } from "preact";
import { App } from "./app";
import { sessionAsk } from "./session";

render(<App />, document.getElementById("app")!);
void sessionAsk();

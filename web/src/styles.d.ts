// SPDX-License-Identifier: EUPL-1.2
// A style sheet that a module asks for: the bundler sets it beside the script.
declare module "*.css";

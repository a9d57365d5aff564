#!/usr/bin/env python3
"""Asks the reference (terraform on the PATH) again: what it says of each snippet, what text each template gives, how each file is laid out.

Run it after adding cases: it fills "reference" in snippets.json, "rendered" in templates.json and "formatted" in formatting.json. What we
say ("ours") is ours to write.
"""
import concurrent.futures, json, os, subprocess, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# Complaints about meaning: they show that the file could be read.
MEANING = {"Unsupported argument", "Unsupported block type", "Missing required provider"}


def terraform(files, arguments, text=""):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        return subprocess.run(["terraform"] + arguments, cwd=folder, input=text, capture_output=True, text=True).stdout


def summaries(case):
    source = case["source"].encode() if "source" in case else bytes.fromhex(case["hex"])
    found = json.loads(terraform({"main.tf": source}, ["validate", "-json"]))["diagnostics"]
    return [d["summary"] for d in found if d["summary"] not in MEANING]


def rendered(case):
    source = ("locals {\nv = " + case["source"] + "\n}\n").encode()
    return json.loads(json.loads(terraform({"main.tf": source}, ["console"], "jsonencode(local.v)\n")))


def formatted(case):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "main.tf")
        with open(path, "wb") as file:
            file.write(case["source"].encode())
        subprocess.run(["terraform", "fmt", "-list=false", path], check=True)
        with open(path, "rb") as file:
            return file.read().decode()


def refresh(name, key, ask):
    path = os.path.join(HERE, name)
    with open(path) as file:
        cases = json.load(file)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for case, answer in zip(cases, pool.map(ask, cases)):
            case[key] = answer
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")


refresh("snippets.json", "reference", summaries)
refresh("templates.json", "rendered", rendered)
refresh("formatting.json", "formatted", formatted)

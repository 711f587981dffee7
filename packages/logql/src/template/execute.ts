import { compareValues, shortCircuits } from './builtins.js'
import { fieldOf } from './field.js'
import { call, checkArity } from './functions.js'
import type { Argument, Command, Node, Pipe, Positioned, Template, TemplateInput } from './node.js'
import { isList, isMap, isTrue, print, TemplateError, typeName, type Value } from './value.js'

type Scope = { readonly dot: Value; readonly variables: [name: string, value: Value][] }

/** Runs a template on a line. */
export function execute(template: Template, input: TemplateInput): string {
  return new Execution(template, input).run()
}

class Execution {
  readonly #template: Template
  readonly #input: TemplateInput
  #output = ''
  #at: Positioned = { at: 0, text: '' }

  constructor(template: Template, input: TemplateInput) {
    this.#template = template
    this.#input = input
  }

  run(): string {
    const dot = this.#input.labels
    try {
      this.#list(this.#template.nodes, { dot, variables: [['$', dot]] })
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      throw new TemplateError(`${this.#location()}: ${error.message}`)
    }
    return this.#output
  }

  /** As Go locates an error: the template's name, line, column in bytes from 0, and the part it was at, cut to 20 characters. */
  #location(): string {
    const { name, text } = this.#template
    const before = text.slice(0, this.#at.at)
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1))
    const part = this.#at.text.length > 20 ? `${this.#at.text.slice(0, 20)}...` : this.#at.text
    return `template: ${name}:${before.split('\n').length}:${column}: executing ${JSON.stringify(name)} at <${part}>`
  }

  #list(nodes: readonly Node[], scope: Scope): void {
    for (const node of nodes) this.#node(node, scope)
  }

  #node(node: Node, scope: Scope): void {
    if (node.kind === 'text') {
      this.#output += node.text
    } else if (node.kind === 'action') {
      const value = this.#pipe(node.pipe, scope)
      if (node.pipe.declares.length === 0) this.#output += value === undefined ? '<no value>' : print(value)
    } else {
      this.#branch(node, { dot: scope.dot, variables: [...scope.variables] }, scope)
    }
  }

  #branch(node: Node & { readonly kind: 'if' | 'with' | 'range' }, inner: Scope, outer: Scope): void {
    if (node.kind === 'range') {
      this.#range(node, inner, outer)
      return
    }
    const value = this.#pipe(node.pipe, inner)
    if (isTrue(value)) this.#list(node.then, node.kind === 'with' ? { ...inner, dot: value } : inner)
    else this.#list(node.otherwise, inner)
    this.#keepAssigned(inner, outer)
  }

  #range(node: Node & { readonly kind: 'if' | 'with' | 'range' }, inner: Scope, outer: Scope): void {
    const [first, second] = node.pipe.declares
    const value = this.#pipe({ ...node.pipe, declares: [] }, inner)
    const entries = this.#entries(value)
    for (const [key, element] of entries) {
      const variables = [...inner.variables]
      if (second !== undefined) variables.push([first as string, key], [second, element])
      else if (first !== undefined) variables.push([first, element])
      const scope = { dot: element, variables }
      this.#list(node.then, scope)
      this.#keepAssigned(scope, inner)
    }
    if (entries.length === 0) this.#list(node.otherwise, inner)
    this.#keepAssigned(inner, outer)
  }

  /** What was assigned to an outer variable within a block stays when the block ends. */
  #keepAssigned(from: Scope, to: Scope): void {
    for (const [index, variable] of to.variables.entries()) variable[1] = from.variables[index]?.[1]
  }

  #entries(value: Value): readonly (readonly [Value, Value])[] {
    if (isList(value)) return value.map((element, index) => [BigInt(index), element])
    if (typeof value === 'bigint')
      return Array.from({ length: Math.max(0, Number(value)) }, (_, index) => [BigInt(index), BigInt(index)])
    if (value === undefined) return []
    if (isMap(value))
      return Object.keys(value)
        .sort()
        .map((key) => [key, value[key]])
    throw new TemplateError(`range can't iterate over ${print(value)}`)
  }

  #pipe(pipe: Pipe, scope: Scope): Value {
    let value: Value
    let piped: readonly Value[] = []
    for (const command of pipe.commands) {
      value = this.#command(command, scope, piped)
      piped = [value]
    }
    for (const name of pipe.declares) {
      if (!pipe.assigns) scope.variables.push([name, value])
      else {
        const variable = scope.variables.findLast(([known]) => known === name)
        if (variable) variable[1] = value
      }
    }
    return value
  }

  #command(command: Command, scope: Scope, piped: readonly Value[]): Value {
    const [first, ...rest] = command.arguments
    if (!first) return undefined
    if (first.kind === 'function') return this.#call(first.name, command, rest, scope, piped)
    this.#at = first
    if (rest.length + piped.length > 0 && first.kind !== 'chain' && first.kind !== 'field' && first.kind !== 'variable')
      throw new TemplateError(`can't give argument to non-function ${first.text}`)
    if (first.kind === 'nil') throw new TemplateError('nil is not a command')
    if (rest.length + piped.length === 0) return this.#argument(first, scope)
    return this.#method(first, rest.map((argument) => this.#argument(argument, scope)).concat(piped), scope)
  }

  /** `$time.Format "2006"`: the last name of the path is a method that takes arguments. */
  #method(node: Argument, parameters: readonly Value[], scope: Scope): Value {
    if (node.kind !== 'chain' && node.kind !== 'field' && node.kind !== 'variable') return undefined
    const name = node.path.at(-1)
    const owner = this.#argument({ ...node, path: node.path.slice(0, -1) }, scope)
    if (name === undefined) throw new TemplateError(`can't give argument to non-function ${node.text}`)
    this.#at = node
    return fieldOf(owner, name, parameters)
  }

  #call(name: string, command: Command, rest: readonly Argument[], scope: Scope, piped: readonly Value[]): Value {
    this.#at = command.arguments[0] ?? command
    checkArity(name, rest.length + piped.length)
    const parameters: Value[] = []
    for (const argument of rest) {
      const value = this.#argument(argument, scope)
      if (shortCircuits(name, value)) return value
      parameters.push(value)
    }
    parameters.push(...piped)
    this.#at = command
    const compared = compareValues(name, parameters)
    if (compared !== undefined) return compared
    return call(name, parameters, {
      input: this.#input,
      wrongType: (index, expected) => {
        this.#at = rest[index] ?? command
        return new TemplateError(`wrong type for value; expected ${expected}; got ${typeName(parameters[index])}`)
      },
    })
  }

  #argument(node: Argument, scope: Scope): Value {
    switch (node.kind) {
      case 'constant':
        return node.value
      case 'nil':
        return undefined
      case 'dot':
        return scope.dot
      case 'field':
        return this.#path(scope.dot, node.path, node)
      case 'variable':
        return this.#path(scope.variables.findLast(([name]) => name === node.name)?.[1], node.path, node)
      case 'function':
        return this.#call(node.name, { at: node.at, text: node.text, arguments: [node] }, [], scope, [])
      case 'pipe':
        return this.#pipe(node.pipe, { dot: scope.dot, variables: scope.variables })
      case 'chain':
        return this.#path(this.#argument(node.of, scope), node.path, node)
    }
  }

  #path(from: Value, path: readonly string[], node: Positioned): Value {
    let value = from
    for (const name of path) {
      this.#at = node
      // The labels are a map of strings, whose missing keys are empty; a map of anything has nil there.
      if (value === this.#input.labels) value = this.#input.labels[name] ?? ''
      else value = fieldOf(value, name, [])
    }
    return value
  }
}

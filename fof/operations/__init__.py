"""What a manager does all year: call, distribute, charge, close, reorganise, and watch the clocks.

Every operation is a plan first: a frozen result that shows who is touched and how, with everything that stands in its
way. Issuing a plan makes it again from the book under the writer's lock; if the book has moved on, it is refused.
"""
